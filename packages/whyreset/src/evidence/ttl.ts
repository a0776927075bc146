import { defineEvidence, type Known, unknown } from './define.ts';
import { endpoint } from './packets.ts';
import reset from './reset.ts';

export interface TtlFact extends Known {
  readonly known: true;
  reset: number;
  /** TTLs of the claimed sender's other packets. */
  min: number;
  max: number;
  /** Smallest difference between the RST and any of them; 0 when it fits. */
  delta: number;
  /** The baseline comes from other connections of the same address. */
  borrowed: boolean;
}

/**
 * TTL (hop limit) of the RST against the claimed sender's other packets. A
 * difference of one is only noted: paths wobble by a hop (diagnose.md §6.7 S2).
 */
export default defineEvidence('TTL of the RST against the claimed sender’s other packets', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
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
  const delta = ttl < min ? min - ttl : ttl > max ? ttl - max : 0;
  return { known: true, reset: ttl, min, max, delta, borrowed };
});
