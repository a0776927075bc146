import type { CaptureSink } from '../wire/reader.ts';
import { type IcmpQuote, Segment } from '../wire/segment.ts';

/** Packets of several receive queues are written out of order by less than this, seconds; a clock that is set back goes further. */
const DISORDER = 0.002;
/** Packets held back at most. */
const MOST_HELD = 512;

/**
 * Puts the packets of several receive queues in order of time: an
 * acknowledgement that is written before its data, or a request before the FIN
 * that it crossed, would tell another story. Nothing is held back before the
 * first packet that is out of order.
 */
export class TimeOrder implements CaptureSink {
  /** Packets that were written out of order. */
  disordered = 0;
  private readonly sink: CaptureSink;
  private readonly held: Segment[] = [];
  private readonly spare: Segment[] = [];
  private newest = Number.NEGATIVE_INFINITY;

  constructor(sink: CaptureSink) {
    this.sink = sink;
  }

  segment(s: Segment): void {
    const back = this.newest - s.time;
    if (back > 0 && back < DISORDER) this.disordered++;
    if (this.disordered === 0) {
      this.newest = s.time;
      this.sink.segment(s);
      return;
    }
    // A clock that was set back begins anew.
    if (back >= DISORDER) this.flush();
    if (back >= DISORDER || back < 0) this.newest = s.time;
    this.hold(s);
    this.release(this.newest - DISORDER);
  }

  icmp(quote: IcmpQuote): void {
    this.release(quote.time);
    this.sink.icmp?.(quote);
  }

  /** Hands on what is held back: no more packets follow at once. */
  flush(): void {
    this.release(Number.POSITIVE_INFINITY);
  }

  private hold(s: Segment): void {
    const copy = this.spare.pop() ?? new Segment();
    const { source, destination } = copy;
    source.set(s.source);
    destination.set(s.destination);
    Object.assign(copy, s, {
      source,
      destination,
      bytes: bytesOf(s),
      tcpOffset: 0,
      payloadOffset: s.headerLength,
    });
    let at = this.held.length;
    while (at > 0 && this.held[at - 1]!.time > copy.time) at--;
    this.held.splice(at, 0, copy);
  }

  private release(until: number): void {
    const { held } = this;
    let count = Math.max(0, held.length - MOST_HELD);
    while (count < held.length && held[count]!.time <= until) count++;
    if (count === 0) return;
    for (const segment of held.splice(0, count)) {
      this.sink.segment(segment);
      this.spare.push(segment);
    }
  }
}

/** The segment's own bytes, which the reader will overwrite. */
function bytesOf({ bytes, tcpOffset, tcpCaptured }: Segment): Uint8Array {
  return bytes.slice(tcpOffset, tcpOffset + tcpCaptured);
}
