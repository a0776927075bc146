import { RST, SYN } from './forge.ts';

/** A TCP frame with SYN or RST, over IPv4. */
function urgent(frame: Uint8Array): boolean {
  if (frame[12] !== 0x08 || frame[13] !== 0x00 || frame[23] !== 6) return false;
  const flags = frame[14 + (frame[14]! & 15) * 4 + 13]!;
  return (flags & (SYN | RST)) !== 0;
}

/**
 * The queue of a router that lets SYN and RST go first, as `wondershaper` and many
 * home routers do. While it is full everything else waits: how long is said by the
 * scenario, not by a rate, so that the order never depends on how fast a machine is.
 */
export class HeldQueue {
  private readonly frames: Uint8Array[] = [];

  /** Takes the frame, or lets it pass at once. */
  holds(frame: Uint8Array): boolean {
    if (urgent(frame)) return false;
    this.frames.push(frame);
    return true;
  }

  /** What waited, in order. */
  empty(): readonly Uint8Array[] {
    return this.frames.splice(0);
  }
}
