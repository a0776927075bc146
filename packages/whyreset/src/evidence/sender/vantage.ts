import { defineEvidence, type Known, unknown } from '../define.ts';
import rtt from '../path/rtt.ts';

/** Where the capture was taken, seen from this connection. */
export type Vantage = 'originator' | 'responder' | 'both' | 'between';

export interface VantageFact extends Known {
  readonly known: true;
  at: Vantage;
  /** Routers between the vantage and each side, guessed from the TTL; -1 unknown. */
  originatorHops: number;
  responderHops: number;
}

/** Hops from a TTL: stacks start at 64 (Linux, BSD, macOS), 128 (Windows) or 255 (network gear). */
export function hops(ttl: number): number {
  if (ttl <= 0) return -1;
  return (ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255) - ttl;
}

/** A host answers itself in less than this; one switch away already takes longer. */
const OWN_STACK_SECONDS = 0.0002;

export default defineEvidence('Where the capture was taken', (subject) => {
  const { originator, responder } = subject.connection;
  const originatorHops = hops(originator.ttlMax || (subject.world.address(originator.address)?.ttlMax ?? 0));
  const responderHops = hops(responder.ttlMax || (subject.world.address(responder.address)?.ttlMax ?? 0));
  if (originator.address === responder.address)
    return { known: true, at: 'both', originatorHops, responderHops };
  if (originatorHops < 0 && responderHops < 0) return unknown('no packet but the RST shows a TTL');
  if (originatorHops === 0 && responderHops > 0)
    return { known: true, at: 'originator', originatorHops, responderHops };
  if (responderHops === 0 && originatorHops > 0)
    return { known: true, at: 'responder', originatorHops, responderHops };
  if (originatorHops > 0 && responderHops > 0)
    return { known: true, at: 'between', originatorHops, responderHops };
  const times = rtt.of(subject);
  if (times.known) {
    // Both in one segment: the side whose stack answers at once is where we stand.
    const near = (mine: number, theirs: number) => mine >= 0 && mine < OWN_STACK_SECONDS && theirs > 5 * mine;
    if (near(times.originator, times.responder))
      return { known: true, at: 'originator', originatorHops, responderHops };
    if (near(times.responder, times.originator))
      return { known: true, at: 'responder', originatorHops, responderHops };
  }
  return unknown('TTLs and round trips do not tell at which end it was taken');
});
