import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { isReset, isSyn } from '../packets.ts';
import reset from '../reset/reset.ts';

/** How a stack picks the IPv4 identification. */
export type IdSource = 'zero' | 'counter' | 'random';

export interface IpIdFact extends Known {
  readonly known: true;
  reset: number;
  source: IdSource;
  /** How far the RST's ID lies from the nearest of the sender's packets, modulo 2^16. */
  delta: number;
  /** Whether the RST fits: a bare Linux RST carries 0 whatever the flow does. */
  fits: boolean;
}

/** Ahead of the counter by this much is still the same stack, busy elsewhere. */
const COUNTER_SLACK = 4096;

export default defineEvidence(
  'IP identification of the RST against the claimed sender’s counter',
  (subject) => {
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    if (r.packet.ipId < 0)
      return unknown(
        subject.connection.family === 6
          ? 'IPv6 carries no identification'
          : 'the packet list shows no IP identification of the RST',
      );
    // Linux sends SYN-ACKs, passive RSTs and TIME_WAIT ACKs with ID 0 (diagnose.md §1.3): no baseline.
    const baseline = subject.connection.timeline.filter(
      (p: TimelinePacket) => p.from === r.side && !isReset(p) && !isSyn(p) && p.length > 0 && p.ipId >= 0,
    );
    const first = baseline[0];
    if (first === undefined || baseline.length < 2)
      return unknown('too few data packets of the claimed sender');
    const ids = baseline.map((p) => p.ipId);
    const steps = ids.slice(1).map((id, i) => (id - ids[i]!) & 0xffff);
    const source: IdSource = ids.every((id) => id === 0)
      ? 'zero'
      : steps.every((step) => step > 0 && step < COUNTER_SLACK)
        ? 'counter'
        : 'random';
    const { ipId } = r.packet;
    const delta = Math.min(...ids.map((id) => Math.min((ipId - id) & 0xffff, (id - ipId) & 0xffff)));
    const fits =
      source === 'random' ||
      (source === 'zero' && ipId === 0) ||
      (source === 'counter' && delta < COUNTER_SLACK);
    return { known: true, reset: ipId, source, delta, fits: fits || (r.shape !== 'active' && ipId === 0) };
  },
);
