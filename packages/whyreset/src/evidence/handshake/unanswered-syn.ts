import type { TimelinePacket } from '../../connection/connection.ts';
import oneDirection from '../around/one-direction.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import vantage from '../sender/vantage.ts';
import type { AddressProfile, ResponderProfile } from '../world.ts';
import arrival from './arrival.ts';
import handshake from './handshake.ts';

export interface UnansweredSynFact extends Known {
  readonly known: true;
  /** The SYN and its repetitions, in order; two at least. */
  syns: TimelinePacket[];
  /** Seconds from the first to the last. */
  span: number;
  /** The SYNs did arrive at the server: this capture was taken there, or another one that holds them. */
  atServer: boolean;
  /** All attempts at this address and port; null when nothing was counted. */
  server: ResponderProfile | null;
  /** The address was heard in other connections: the host is up and can be reached. */
  hostHeard: boolean;
}

/** A packet of it was seen, or an acknowledgement that timed it; a packet list shows no TTLs. */
function wasHeard(seen: AddressProfile | null): boolean {
  return seen !== null && (seen.ttlMax > 0 || seen.minRtt >= 0);
}

/** A client that asked again and again, and nobody who said anything: neither yes, nor no, nor why. */
export default defineEvidence('SYNs that were repeated into silence', (subject) => {
  const half = oneDirection.of(subject);
  if (half.known) return unknown(half.says);
  const { connection, world } = subject;
  const shake = handshake.of(subject);
  if (!shake.known) return unknown(shake.why);
  const { responder } = connection;
  if (responder.packets > 0) return unknown('the server answered');
  if (connection.icmp.length > 0) return unknown('an ICMP error answered');
  if (connection.timeline.some((p) => p.from === 'originator' && !shake.syns.includes(p)))
    return unknown('the client went on as if it had been answered: that direction was not captured');
  const { syns } = shake;
  if (syns.length < 2) return unknown('the SYN was not repeated');
  const seen = vantage.of(subject);
  const came = arrival.of(subject);
  return {
    known: true,
    syns,
    span: syns.at(-1)!.time - syns[0]!.time,
    atServer:
      (seen.known && (seen.at === 'responder' || seen.at === 'both')) ||
      (came.known && came.course === 'arrived' && came.atHost),
    server: world.responder(responder.address, responder.port),
    hostHeard: wasHeard(world.address(responder.address)),
  };
}).needsTimes(SILENCES);
