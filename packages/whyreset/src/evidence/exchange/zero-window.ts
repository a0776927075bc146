import type { TimelinePacket } from '../../connection/connection.ts';
import oneDirection from '../around/one-direction.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { isFin, isReset, isSyn } from '../packets.ts';

export interface ZeroWindowFact extends Known {
  readonly known: true;
  /** The latest packet of each side before the first FIN or RST, when it offered no window at all; else null. */
  originator: TimelinePacket | null;
  responder: TimelinePacket | null;
}

/** A side whose last word is a closed window has a program that does not read: the other side must wait. */
export default defineEvidence('A window that was closed when the connection ended', (subject) => {
  const half = oneDirection.of(subject);
  if (half.known) return unknown(half.says);
  const { connection } = subject;
  let originator: TimelinePacket | null = null;
  let responder: TimelinePacket | null = null;
  for (const p of connection.timeline) {
    if (isReset(p) || isFin(p)) break;
    if (isSyn(p)) continue;
    const closed = p.window === 0 ? p : null;
    if (p.from === 'originator') originator = closed;
    else responder = closed;
  }
  return originator === null && responder === null
    ? unknown('no side had closed its window')
    : { known: true, originator, responder };
});
