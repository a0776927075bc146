import type { Side, TimelinePacket } from '../connection/connection.ts';
import { distance, isReset } from '../connection/packet-kind.ts';

export {
  distance,
  endpoint,
  hasAck,
  isFin,
  isReset,
  isSyn,
  other,
  past,
} from '../connection/packet-kind.ts';

/** The later of two sequence numbers; the first one seen when there was none yet. */
export function later(known: number | null, candidate: number): number {
  return known === null || distance(candidate, known) > 0 ? candidate : known;
}

/** New payload: neither a repetition nor a keep-alive probe. */
export function isData(p: TimelinePacket): boolean {
  return p.length > 0 && !p.keepAliveProbe && !isReset(p);
}

/** `1.2 s`, `0.34 s`, `34 ms`, `60 µs`: two or three significant digits, for sentences. */
export function seconds(value: number): string {
  const s = Math.abs(value);
  if (s >= 99.95) return `${Math.round(value)} s`;
  if (s >= 0.9995) return `${value.toFixed(1)} s`;
  if (s >= 0.0995) return `${value.toFixed(2)} s`;
  if (s >= 0.00995) return `${Math.round(value * 1e3)} ms`;
  if (s >= 0.0009995) return `${(value * 1e3).toFixed(1)} ms`;
  return `${Math.round(value * 1e6)} µs`;
}

/** The word for people: who dialled is the client. */
export function who(side: Side): 'client' | 'server' {
  return side === 'originator' ? 'client' : 'server';
}

/** `1 byte`, `1,448 bytes`. */
export function bytes(count: number): string {
  return `${thousands(count)} byte${count === 1 ? '' : 's'}`;
}

/** `4812` → `4,812`; not `toLocaleString`, which costs microseconds a call. */
export function thousands(count: number): string {
  return count < 1000 ? String(count) : String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
