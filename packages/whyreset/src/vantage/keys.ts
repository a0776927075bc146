import { type Brief, joined } from '../connection/archive/brief.ts';
import type { Connection } from '../connection/connection.ts';
import { hasAck, isReset } from '../connection/packet-kind.ts';

/** Both initial sequence numbers, which pass most NATs as they are; null when a SYN was not in view. */
export function initialNumbers({ originatorSeq, responderSeq }: Brief): number | null {
  return originatorSeq < 0 || responderSeq < 0 ? null : joined(originatorSeq, responderSeq);
}

/** Timestamps of the first packet of each side, which firewalls that shift sequence numbers leave alone. */
export function firstTimestamps({ originatorStamp, responderStamp }: Brief): number | null {
  return originatorStamp < 0 || responderStamp < 0 ? null : joined(originatorStamp, responderStamp);
}

/** Number and timestamp of the SYN of an attempt that no SYN-ACK answered; null for all others. */
export function attemptNumbers({ originatorSeq, originatorStamp, responderSeq }: Brief): number | null {
  return originatorSeq < 0 || originatorStamp < 0 || responderSeq >= 0
    ? null
    : joined(originatorSeq, originatorStamp);
}

/** The numbers of single packets: what knows a connection again whose beginning was missed, under another name too. */
export function* packetNumbers({ timeline }: Connection): Generator<number> {
  for (const p of timeline) if (hasAck(p) && !isReset(p)) yield joined(p.rawSeq, p.rawAck);
}
