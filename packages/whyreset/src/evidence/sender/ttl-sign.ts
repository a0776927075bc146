import type { Subject } from '../define.ts';
import { endpoint, hasAck, isFin, isReset, other, past, who } from '../packets.ts';
import rtt from '../path/rtt.ts';
import type { ResetFact } from '../reset/reset.ts';
import trigger from '../reset/trigger.ts';
import { marksOf, runsOn } from './own-marks.ts';
import { type Sign, sign } from './sign.ts';
import ttl, { type TtlFact } from './ttl.ts';
import { hops } from './vantage.ts';

/** No path has more routers; a TTL that would mean more was set by the program (GTSM, RFC 5082; multihop BGP). */
const LONGEST_PATH = 32;
/** A usual TTL seen this long ago may have changed with the route since, seconds. */
const RECENT = 10;
/** Routes of one connection differ by this little, and a stack that answers without the socket may take another. */
const OTHER_ROUTE = 3;
/** The answer of a host takes a round trip; a box on the way is faster. */
const DUE = 0.7;

/** Of whom the usual TTL is, and what it is. */
export function usual({ min, max, borrowed }: TtlFact, r: ResetFact): { source: string; range: string } {
  return {
    source: `the ${who(r.side)}'s ${borrowed ? 'packets in other connections' : 'other packets'}`,
    range: min === max ? `${min}` : `${min} to ${max}`,
  };
}

/**
 * The program may have set the TTL of its packets (IP_TTL, IPV6_UNICAST_HOPS): what its kernel answers without the
 * socket has the default (Linux tcp_v4_send_reset, xnu tcp_respond), and the two differ on one host.
 */
function maySetTtl(t: TtlFact, r: ResetFact): boolean {
  if (r.shape !== 'passive' && r.shape !== 'refusal') return false;
  const set = t.max + hops(t.reset);
  return hops(t.max) >= LONGEST_PATH || set <= LONGEST_PATH || set === 255 || set % 50 === 0;
}

/** The claimed side had closed, late data reached it, and the RST came when its answer was due: its own. */
function isDueAnswer(subject: Subject, r: ResetFact): boolean {
  const cause = trigger.of(subject);
  if (r.shape !== 'passive' || !cause.known || past(cause.packet) === cause.packet.seq) return false;
  const { timeline } = subject.connection;
  const closed = timeline.slice(0, r.index).some((p) => isFin(p) && p.from === r.side);
  const times = rtt.of(subject);
  return closed && times.known && times[r.side] >= 0 && cause.delay >= DUE * times[r.side];
}

/** A packet of the claimed side shortly before the RST, or after it, still had the usual TTL. */
function isRecent(subject: Subject, t: TtlFact, r: ResetFact): boolean {
  return subject.connection.timeline.some(
    (p) =>
      p.from === r.side &&
      !isReset(p) &&
      p.ttl >= t.min &&
      p.ttl <= t.max &&
      p.time > r.packet.time - RECENT &&
      p.number !== r.packet.number,
  );
}

/** The RST's TTL against the claimed side's others; null where they say nothing. */
export function ttlAgainst(subject: Subject, r: ResetFact): Sign | null {
  const t = ttl.of(subject);
  if (!t.known || t.delta === 0) return null;
  // Same distance, other initial value: a stack that resets without a socket ignores the socket's IP_TTL.
  if (hops(t.reset) === hops(t.max) || maySetTtl(t, r)) return null;
  const { source, range } = usual(t, r);
  const { number } = r.packet;
  const due = isDueAnswer(subject, r);
  // A whole initial value where the sender's packets have crossed routers: made on this segment, be it one hop.
  if (hops(t.reset) === 0 && t.min === t.max) {
    const says = `TTL ${t.reset} is an untouched initial value, while ${source} arrive with ${range}: the RST was made nearer than the ${who(r.side)}`;
    return sign('ttl', (t.firm || t.borrowed) && !due, says, number);
  }
  // A difference of one is only a path that wobbles (diagnose.md §6.7 S2).
  if (t.delta < 2) return null;
  const stateless = !hasAck(r.packet) && t.delta <= OTHER_ROUTE;
  // A route that changed in a pause explains the TTL, but no header that the sender's stack does not build.
  const fixed = isRecent(subject, t, r) || r.shape === 'foreign';
  // A clock and a counter that run on are that host's, whichever way its packet took.
  const own = runsOn(marksOf(subject.connection.timeline, r.packet, r.index));
  const heavy = t.firm && !due && !stateless && fixed && !own;
  return sign('ttl', heavy, `TTL ${t.reset} is ${t.delta} off that of ${source} (${range})`, number);
}

/** The RST came from as far as the claimed side's others. */
export function ttlFits(subject: Subject, r: ResetFact): Sign | null {
  const t = ttl.of(subject);
  if (!t.known || t.delta !== 0) return null;
  return sign('ttl', true, `TTL ${t.reset} is that of ${usual(t, r).source}`, r.packet.number);
}

/** Packets of both sides crossed routers, or neither's did: whether the capture was taken at the claimed side's host. */
export function atSender(subject: Subject, r: ResetFact): boolean {
  const own = endpoint(subject.connection, r.side);
  const peer = endpoint(subject.connection, other(r.side));
  return own.ttlMax > 0 && hops(own.ttlMax) === 0 && peer.ttlMax > 0 && hops(peer.ttlMax) > 0;
}
