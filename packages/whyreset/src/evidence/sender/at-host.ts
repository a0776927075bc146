import type { Connection, Side } from '../../connection/connection.ts';
import { endpoint } from '../packets.ts';
import { hops } from './vantage.ts';

/** A host's own stack answers sooner than anything beyond a cable, seconds. */
const OWN_STACK_SECONDS = 0.001;

/**
 * A capture was taken where `side` sends: whole TTLs, an answer at once, one
 * network card.
 *
 * @param answer seconds after which the side answered, where it sent nothing but that; -1 unknown
 */
export function atHost(connection: Connection, side: Side, ttl: number, answer = -1): boolean {
  const { ttlMin, ttlMax, minRtt, mac, rstMac } = endpoint(connection, side);
  const whole = [ttl, ...(ttlMax === 0 ? [] : [ttlMin, ttlMax])].every((seen) => hops(seen) === 0);
  const soonest = minRtt < 0 ? answer : minRtt;
  return whole && soonest >= 0 && soonest < OWN_STACK_SECONDS && (rstMac === null || rstMac === mac);
}
