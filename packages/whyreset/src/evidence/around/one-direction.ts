import type { Connection, Endpoint, Side } from '../../connection/connection.ts';
import { holdsOneDirection } from '../../connection/hosts/hosts.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { endpoint, hasAck, isReset, isSyn, other, who } from '../packets.ts';

export interface OneDirectionFact extends Known {
  readonly known: true;
  /** The side of which the capture holds no packet, RSTs not counted. */
  missing: Side;
  /** The other side shows that packets of it existed; false where the capture does not say whether there were any. */
  certain: boolean;
  says: string;
  packets: number[];
}

const isSilent = ({ packets, resets }: Endpoint) => packets === resets;

/** Where RSTs are all there is, the side without a packet: a RST mostly answers one. */
function missingSide(originator: Endpoint, responder: Endpoint): Side | null {
  if (isSilent(originator) !== isSilent(responder)) return isSilent(originator) ? 'originator' : 'responder';
  if ((originator.packets === 0) === (responder.packets === 0)) return null;
  return originator.packets === 0 ? 'originator' : 'responder';
}

/** A packet that only a side which had received something new could send; null when there is none. */
function receipt(connection: Connection, from: Side): { number: number; earlier: number | null } | null {
  const { timeline } = connection;
  const refused = endpoint(connection, other(from)).resets > 0;
  let first: (typeof timeline)[number] | null = null;
  for (const p of timeline) {
    if (p.from !== from || isReset(p) || !hasAck(p)) continue;
    // A SYN-ACK answers a SYN, which may have gone out under another name where a RST answers it.
    if (isSyn(p) && refused) continue;
    // What acknowledges after a SYN answers a SYN-ACK.
    if (isSyn(p) || timeline.some((q) => q.from === from && isSyn(q) && q.number < p.number))
      return { number: p.number, earlier: null };
    if (first === null) first = p;
    else if (p.rawAck !== first.rawAck || (p.tsEcr >= 0 && first.tsEcr >= 0 && p.tsEcr !== first.tsEcr))
      return { number: p.number, earlier: first.number };
  }
  return null;
}

/**
 * A mirror of one direction, a filter such as `src host`, or asymmetric routes
 * leave one side out. What is not in the capture is then no sign that it was not
 * sent: facts of silence, of turns and of what was acknowledged are unknown.
 */
export default defineEvidence(
  'Whether the capture holds only one direction of the connection',
  ({ connection, world }) => {
    const { originator, responder, sawHandshake } = connection;
    const missing = missingSide(originator, responder);
    if (missing === null) return unknown('the capture holds packets of both sides');
    const seen = other(missing);
    const name = who(missing);
    const shown = receipt(connection, seen);
    if (shown !== null) {
      const packets = shown.earlier === null ? [shown.number] : [shown.earlier, shown.number];
      const fact: OneDirectionFact = {
        known: true,
        missing,
        certain: true,
        says: `the capture holds only the packets of the ${who(seen)}: packet ${shown.number} acknowledges packets of the ${name} that are not in it`,
        packets,
      };
      return fact;
    }
    const { both, one } = world.directions;
    const nearlyAll = holdsOneDirection(world.directions);
    // A SYN without an answer, or a RST for an answer, is a finding of its own, unless all connections look so.
    const answered = endpoint(connection, missing).resets > 0 || sawHandshake;
    if (!nearlyAll && answered)
      return unknown(`nothing shows that the ${name} sent packets that are missing`);
    const fact: OneDirectionFact = {
      known: true,
      missing,
      certain: false,
      says: nearlyAll
        ? `the capture holds only one direction of ${one} of its ${one + both} connections, and no packet of the ${name} in this one`
        : `the capture holds neither the beginning of the connection nor any packet of the ${name}`,
      packets: [],
    };
    return fact;
  },
);
