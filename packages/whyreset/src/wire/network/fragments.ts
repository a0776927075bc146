import type { ReaderOptions } from '../framing.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import type { WarningLog } from '../warnings.ts';
import { transport } from './transport.ts';

/** What a waiting datagram costs besides its bytes, roughly, so that empty ones count too. */
const DATAGRAM_COST = 500;
/** More pieces than a 64 KiB datagram has on any real path (576-byte MTU: 119). */
const MAX_PIECES = 256;

interface Datagram {
  protocol: number;
  /** Capture time of the first piece. */
  since: number;
  /** Length of the whole payload; -1 until the last piece was seen. */
  total: number;
  bytes: Uint8Array;
  /** `[from, to, captured up to]` of each piece, in order of arrival. */
  pieces: [number, number, number][];
}

/**
 * IP fragments waiting for their siblings. A datagram is handed on when its
 * last missing piece arrives, with that packet's number and time, as Zeek and
 * Wireshark do. Bytes that the snap length cut off stay missing, but the
 * lengths are right.
 */
export class FragmentTable {
  private readonly warnings: WarningLog;
  private readonly maxBytes: number;
  private readonly timeout: number;
  /** In order of arrival, so that the oldest comes first. */
  private readonly datagrams = new Map<string, Datagram>();
  private held = 0;

  constructor(warnings: WarningLog, options: ReaderOptions) {
    this.warnings = warnings;
    this.maxBytes = options.maxFragmentBytes ?? 4 * 1024 * 1024;
    this.timeout = options.fragmentTimeout ?? 30;
  }

  /** One fragment: `bytes[at..end)` captured of `[at..wireEnd)`, at `offset` of its datagram. */
  add(
    decoder: PacketDecoder,
    protocol: number,
    id: number,
    offset: number,
    more: boolean,
    bytes: Uint8Array,
    at: number,
    end: number,
    wireEnd: number,
  ): void {
    const { segment } = decoder;
    const to = offset + (wireEnd - at);
    if (to > 65_535 || wireEnd <= at) {
      decoder.warn('malformed-fragment', 'An IP fragment reaches beyond the largest datagram, or is empty.');
      return;
    }
    const key = `${protocol} ${id} ${segment.source} ${segment.destination}`;
    let datagram = this.datagrams.get(key);
    if (datagram !== undefined && segment.time - datagram.since > this.timeout) {
      this.drop(key, datagram);
      datagram = undefined;
    }
    if (datagram === undefined) {
      datagram = { protocol, since: segment.time, total: -1, bytes: new Uint8Array(0), pieces: [] };
      this.datagrams.set(key, datagram);
      this.held += DATAGRAM_COST;
    }
    this.store(datagram, offset, bytes, at, end);
    datagram.pieces.push([offset, to, offset + Math.max(0, end - at)]);
    if (!more) datagram.total = to;
    const captured = wholeUpTo(datagram);
    if (captured >= 0) {
      this.forget(key, datagram);
      decoder.use(datagram.bytes);
      transport(decoder, protocol, datagram.bytes, 0, captured, datagram.total);
      decoder.use(bytes);
    } else if (datagram.pieces.length >= MAX_PIECES) this.drop(key, datagram);
    this.makeRoom();
  }

  /** Says what never became whole. */
  end(): void {
    for (const [key, datagram] of this.datagrams) this.drop(key, datagram);
  }

  private store(datagram: Datagram, offset: number, bytes: Uint8Array, at: number, end: number): void {
    const size = offset + Math.max(0, end - at);
    if (size > datagram.bytes.length) {
      const larger = new Uint8Array(Math.min(65_535, Math.max(size, 2 * datagram.bytes.length)));
      larger.set(datagram.bytes);
      this.held += larger.length - datagram.bytes.length;
      datagram.bytes = larger;
    }
    for (let i = at; i < end; i++) datagram.bytes[offset + i - at] = bytes[i]!;
  }

  private makeRoom(): void {
    for (const [key, datagram] of this.datagrams) {
      if (this.held <= this.maxBytes) return;
      this.drop(key, datagram);
    }
  }

  private drop(key: string, datagram: Datagram): void {
    this.forget(key, datagram);
    if (datagram.protocol !== 6) return;
    this.warnings.add('fragments-incomplete', 'A fragmented TCP segment never became whole and was skipped.');
  }

  private forget(key: string, datagram: Datagram): void {
    this.datagrams.delete(key);
    this.held -= datagram.bytes.length + DATAGRAM_COST;
  }
}

/** How many bytes from the start were captured without a hole, once every piece is there; else -1. */
function wholeUpTo(datagram: Datagram): number {
  if (datagram.total < 0) return -1;
  datagram.pieces.sort((a, b) => a[0] - b[0]);
  let covered = 0;
  let captured = 0;
  for (const [from, to, capturedTo] of datagram.pieces) {
    if (from > covered) return -1;
    if (from <= captured && capturedTo > captured) captured = capturedTo;
    if (to > covered) covered = to;
  }
  return covered >= datagram.total ? Math.min(captured, datagram.total) : -1;
}
