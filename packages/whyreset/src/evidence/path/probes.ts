import type { Side, TimelinePacket } from '../../connection/connection.ts';
import oneDirection from '../around/one-direction.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import { isReset } from '../packets.ts';

export interface ProbesFact extends Known {
  readonly known: true;
  /** Who probed last; null when nobody did. */
  side: Side | null;
  /** Keep-alive probes at the end that nobody answered. */
  unanswered: TimelinePacket[];
  /** Probes in the whole connection. */
  count: number;
}

/** TCP keep-alive probes (RFC 9293 §3.8.4): who asked, and whether anyone answered at the end. */
export default defineEvidence('TCP keep-alive probes and whether they were answered', (subject) => {
  const half = oneDirection.of(subject);
  if (half.known) return unknown(half.says);
  const { connection } = subject;
  let unanswered: TimelinePacket[] = [];
  for (const p of connection.timeline) {
    if (isReset(p)) break;
    if (p.keepAliveProbe) unanswered.push(p);
    else if (unanswered.length > 0 && p.from !== unanswered[0]!.from) unanswered = [];
  }
  return {
    known: true,
    side: unanswered[0]?.from ?? null,
    unanswered,
    count: connection.originator.keepAliveProbes + connection.responder.keepAliveProbes,
  };
}).needsTimes(SILENCES);
