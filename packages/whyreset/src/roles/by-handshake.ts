import type { Connection, Side, TimelinePacket } from '../connection/connection.ts';
import { endpointText } from '../connection/endpoint-text.ts';
import { endpoint, hasAck, isReset, isSyn, other } from '../connection/packet-kind.ts';
import type { RoleSign } from '../connection/roles.ts';

function sign(connection: Connection, client: Side, sender: Side, what: string, p: TimelinePacket): RoleSign {
  const name = endpointText(endpoint(connection, sender));
  return {
    client,
    basis: 'handshake',
    certainty: 'certain',
    says: `packet ${p.number} from ${name} is ${what}`,
    packets: [p.number],
  };
}

/** Sequence number 0 with ACK answers a segment without ACK, and only a SYN has none (RFC 9293 §3.10.7.1). */
const refuses = (p: TimelinePacket) =>
  isReset(p) && hasAck(p) && p.rawNumbers && p.rawSeq === 0 && p.length === 0;

/** A side of which the capture holds nothing but refusals. */
const onlyResets = ({ packets, resets }: { packets: number; resets: number }) => packets === resets;

/** A SYN comes from the client, a SYN-ACK and a refusal from the server; either alone is enough. */
export function byHandshake(connection: Connection): RoleSign | null {
  const { timeline, originator, sawHandshake } = connection;
  const syn = timeline.find((p) => isSyn(p) && !hasAck(p) && !isReset(p));
  if (syn !== undefined) return sign(connection, syn.from, syn.from, 'a SYN', syn);
  const synAck = timeline.find((p) => isSyn(p) && hasAck(p) && !isReset(p));
  if (synAck !== undefined) return sign(connection, other(synAck.from), synAck.from, 'a SYN-ACK', synAck);
  const refusal = timeline.find((p) => refuses(p) && onlyResets(endpoint(connection, p.from)));
  if (refusal !== undefined)
    return sign(connection, other(refusal.from), refusal.from, 'a RST that answers a SYN', refusal);
  if (!sawHandshake) return null;
  return {
    client: 'originator',
    basis: 'handshake',
    certainty: 'certain',
    says: `${endpointText(originator)} sent the SYN`,
    packets: [],
  };
}
