import { CaptureReader, type ReaderOptions } from '../capture-reader.ts';
import type { CaptureInfo } from '../reader.ts';
import type { IcmpQuote, Segment } from '../segment.ts';

/** A copy of one segment, with plain values and its payload. */
export interface SeenSegment
  extends Omit<Segment, 'source' | 'destination' | 'bytes' | 'tcpOffset' | 'payloadOffset'> {
  source: number[];
  destination: number[];
  payload: Uint8Array;
}

export interface SeenQuote extends Omit<IcmpQuote, 'reporter' | 'source' | 'destination'> {
  reporter: number[];
  source: number[];
  destination: number[];
}

/** Everything a reader said about an input. */
export interface Seen {
  segments: SeenSegment[];
  quotes: SeenQuote[];
  info: CaptureInfo;
}

/** Reads a whole capture, cut into chunks of `sizes` in turn (all at once by default), and copies what comes. */
export function collect(input: Uint8Array, options: ReaderOptions = {}, sizes: readonly number[] = []): Seen {
  const segments: SeenSegment[] = [];
  const quotes: SeenQuote[] = [];
  const reader = new CaptureReader(
    {
      segment(segment) {
        const { bytes, tcpOffset: _, payloadOffset, ...rest } = segment;
        segments.push({
          ...rest,
          source: [...segment.source],
          destination: [...segment.destination],
          payload: bytes.slice(payloadOffset, payloadOffset + segment.payloadCaptured),
        });
      },
      icmp(quote) {
        const { reporter, source, destination, ...rest } = quote;
        quotes.push({
          ...rest,
          reporter: [...reporter],
          source: [...source],
          destination: [...destination],
        });
      },
    },
    options,
  );
  let at = 0;
  for (let turn = 0; at < input.length; turn++) {
    const size = sizes.length > 0 ? sizes[turn % sizes.length]! : input.length;
    // A fresh copy each time, overwritten afterwards: a reader that keeps the chunk is found out.
    const chunk = input.slice(at, at + size);
    reader.push(chunk);
    chunk.fill(0xee);
    at += chunk.length;
  }
  reader.end();
  return { segments, quotes, info: structuredClone(reader.info) };
}
