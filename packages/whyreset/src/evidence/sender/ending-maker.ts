import type { Connection, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, ROUND_TRIPS, type Subject, unknown } from '../define.ts';
import application from '../exchange/application.ts';
import closing from '../exchange/closing.ts';
import { distance, hasAck, isReset, past, seconds, who } from '../packets.ts';
import { roundTrips } from './ack-timing.ts';
import { marksOf, runsOn } from './own-marks.ts';
import { type Sign, sign } from './sign.ts';
import { hops } from './vantage.ts';

export interface EndingMakerFact extends Known {
  readonly known: true;
  /** What ended the connection without a RST, or announced its end: a TLS alert in clear, else the first FIN. */
  packet: TimelinePacket;
  kind: 'alert' | 'fin';
  /** Each weighs against the side whose address the packet carries. */
  against: Sign[];
  /** `likely`: it did not come from the TCP that sent that side's other packets. Never proven. */
  madeOutsideStack: 'likely' | 'unclear' | 'unlikely';
}

/** A path wobbles by a hop. */
const OTHER_PLACE = 2;
/** An answer may come this much sooner than the shortest round trip seen before. */
const SHARE = 0.5;
const MEANINGFUL_RTT = 0.004;

function alertOf(subject: Subject): TimelinePacket | null {
  const app = application.of(subject);
  if (!app.known) return null;
  const message = [app.lastResponse, app.lastRequest].find(
    (said) => said?.protocol === 'tls-alert' && said.level !== 'encrypted',
  );
  return subject.connection.timeline.find((p) => p.number === message?.number) ?? null;
}

/** TTLs of what the same side sent before the packet: whatever follows it may be from the same maker. */
function ttlSign({ timeline }: Connection, packet: TimelinePacket, index: number): Sign | null {
  const ttls = timeline
    .slice(0, index)
    .filter((p) => p.from === packet.from && !isReset(p) && p.ttl > 0)
    .map(({ ttl }) => ttl);
  if (ttls.length === 0 || packet.ttl === 0) return null;
  const off = Math.min(...ttls.map((ttl) => Math.abs(ttl - packet.ttl)));
  // The same distance with another initial value: a proxy that ends connections for the server (BIG-IP, 255).
  if (off < OTHER_PLACE || ttls.some((ttl) => hops(ttl) === hops(packet.ttl))) return null;
  const says = `its TTL is ${packet.ttl}, that of the ${who(packet.from)}'s packets before it ${ttls.at(-1)}`;
  return sign('ttl', true, says, packet.number);
}

/** It acknowledges bytes that passed here much less than a round trip before. */
function timingSign({ timeline }: Connection, packet: TimelinePacket, index: number): Sign | null {
  if (!hasAck(packet)) return null;
  const before = timeline.slice(0, index);
  const trips = roundTrips(before, packet.from).map((trip) => trip.seconds);
  const shortest = Math.min(...trips);
  if (trips.length === 0 || shortest < MEANINGFUL_RTT) return null;
  // The answer to data of which the first acknowledgement came with the packet itself or right before it.
  const answered = before.find(
    (p) => p.from !== packet.from && past(p) !== p.seq && distance(past(p), packet.ack) === 0,
  );
  if (answered === undefined || answered.retransmission) return null;
  const elapsed = packet.time - answered.time;
  if (elapsed < 0 || elapsed >= SHARE * shortest) return null;
  const says = `it answers packet ${answered.number} after ${seconds(elapsed)}, though a round trip to the ${who(packet.from)} takes ${seconds(shortest)}`;
  return sign('ackTiming', true, says, answered.number, packet.number);
}

/** The maker of a FIN or a TLS alert, examined as that of a RST: filters and proxies make them as well. */
export default defineEvidence(
  'Whether the FIN or TLS alert was made by the host whose address it carries',
  (subject) => {
    const { connection } = subject;
    const { timeline } = connection;
    const alert = alertOf(subject);
    const close = closing.of(subject);
    const packet = alert ?? (close.known ? close.fin : null);
    if (packet === null) return unknown('neither a FIN nor a TLS alert ended it');
    const index = timeline.indexOf(packet);
    if (!timeline.slice(0, index).some((p) => p.from === packet.from && !isReset(p)))
      return unknown('that side had sent nothing before');
    const own = runsOn(marksOf(timeline, packet, index));
    const against = [ttlSign(connection, packet, index), timingSign(connection, packet, index)].filter(
      (found) => found !== null,
    );
    const madeOutsideStack =
      own || against.length === 0
        ? ('unlikely' as const)
        : against.length >= 2
          ? ('likely' as const)
          : ('unclear' as const);
    return { known: true, packet, kind: alert === null ? 'fin' : 'alert', against, madeOutsideStack };
  },
).needsTimes(ROUND_TRIPS);
