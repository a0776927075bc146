import { defineEvidence, type Known, unknown } from '../define.ts';
import { endpoint, isReset, isSyn } from '../packets.ts';
import reset from '../reset/reset.ts';

export interface TtlFact extends Known {
  readonly known: true;
  reset: number;
  /** TTLs of the claimed sender's other packets. */
  min: number;
  max: number;
  /** Difference between the RST and the nearer of the two; 0 when it fits. */
  delta: number;
  /** The baseline comes from other connections of the same address. */
  borrowed: boolean;
  /** The baseline is one path of one host: its TTLs agree, and more than a SYN-ACK, which a proxy may have sent, shows it. */
  firm: boolean;
}

/**
 * TTL (hop limit) of the RST against the claimed sender's other packets. A
 * difference of one is only noted: paths wobble by a hop (diagnose.md §6.7 S2).
 */
export default defineEvidence('TTL of the RST against the claimed sender’s other packets', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  if (r.packet.ttl === 0) return unknown('the packet list shows no TTL of the RST');
  const own = endpoint(subject.connection, r.side);
  let { ttlMin: min, ttlMax: max } = own;
  let borrowed = false;
  if (max === 0) {
    const elsewhere = subject.world.address(own.address);
    if (elsewhere === null || elsewhere.ttlMax === 0)
      return unknown('the claimed sender sent nothing but this RST');
    min = elsewhere.ttlMin;
    max = elsewhere.ttlMax;
    borrowed = true;
  }
  const { ttl } = r.packet;
  const delta = Math.min(Math.abs(ttl - min), Math.abs(ttl - max));
  const spoke = subject.connection.timeline.some((p) => p.from === r.side && !isReset(p) && !isSyn(p));
  return { known: true, reset: ttl, min, max, delta, borrowed, firm: !borrowed && spoke && max - min <= 1 };
});
