import type { Side } from '../../connection/connection.ts';
import { type CallPath, callPathMeans } from '../../host/call-path.ts';
import { kernelReasonMeans } from '../../host/kernel-reasons.ts';
import type { LineRef } from '../../host/source.ts';
import type { SeenReset } from '../../host/trace-match.ts';
import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { endpoint, hasAck, other, who } from '../packets.ts';
import reset, { type ResetFact } from '../reset/reset.ts';

export interface KernelReasonFact extends Known {
  readonly known: true;
  /** Whose kernel says that it sent the first RST. */
  side: Side;
  /** Name without `SK_RST_REASON_`; null before Linux 6.10. */
  reason: string | null;
  path: CallPath | null;
  /** State of the socket as the kernel printed it, `TCP_ESTABLISHED`; null where it printed none. */
  state: string | null;
  /** The kernel held a socket of the connection when it sent it: nothing that merely owns the address does. */
  bySocket: boolean;
  /** False when trace and capture allow that the line is about another RST. */
  certain: boolean;
  /** One sentence without a final stop. */
  says: string;
  lines: LineRef[];
}

/** The first RST's side, as the trace knows it. */
export function firstReset({ connection }: Subject, r: ResetFact): SeenReset {
  const own = endpoint(connection, r.side);
  const peer = endpoint(connection, other(r.side));
  return {
    from: { address: own.address, port: own.port },
    to: { address: peer.address, port: peer.port },
    time: own.rst?.time ?? r.packet.time,
    count: own.resets,
  };
}

/** What the kernel that sent the RST gives as its reason: it knows, nobody else does. */
export default defineEvidence(
  'What the kernel of the host that sent the RST gives as its reason',
  (subject) => {
    const { host } = subject.world;
    if (host === null || !host.given.trace) return unknown('no kernel trace was given');
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    const seen = firstReset(subject, r);
    // A refusal carries ACK, and so does an abort; a bare RST is always an answer.
    const answer = r.shape === 'refusal' || !hasAck(r.packet);
    const matched = host.sent(seen, answer);
    if (matched.event === null) return unknown(matched.why);
    const { event, certain } = matched;
    const { reason, path, state, task, inTask } = event;
    const meaning = reason === null ? null : kernelReasonMeans(reason);
    const how = path === null || path === 'answer' ? '' : `, ${callPathMeans(path)}`;
    const by = inTask === true && task !== '' && event.answer !== true ? ` (task ${task})` : '';
    const named =
      reason === null ? 'without a reason' : `reason ${reason}${meaning === null ? '' : `, ${meaning}`}`;
    const received = host.received(seen);
    return {
      known: true,
      side: r.side,
      reason,
      path,
      state,
      bySocket: event.socket === true || (state !== null && state !== 'UNKNOWN' && state !== 'TCP_LISTEN'),
      certain,
      says: `the kernel of the ${who(r.side)}’s host ${certain ? 'sent' : 'seems to have sent'} the RST itself: ${named}${how}${by}`,
      lines: received === null ? [host.lineOf(event)] : [host.lineOf(event), host.lineOf(received)],
    };
  },
);
