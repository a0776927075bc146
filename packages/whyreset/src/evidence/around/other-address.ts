import { defineEvidence, type Known, unknown } from '../define.ts';
import handshake from '../handshake/handshake.ts';
import { seconds } from '../packets.ts';

export interface OtherAddressFact extends Known {
  readonly known: true;
  /** The address of the same port that accepted. */
  address: string;
  /** Seconds from this attempt's first SYN to the SYN that was accepted. */
  after: number;
  /** One sentence without a final stop. */
  says: string;
}

/** A client that tries the next address does so this soon: RFC 8305 §8 waits 250 ms, resolvers' lists are walked at once. */
const NEXT_ADDRESS = 2;

/**
 * An attempt that failed, and the next address of the same name that worked: `::1` refused and `127.0.0.1`
 * accepted (RFC 8305, "happy eyeballs"; RFC 6724 for the order). The client got its connection: harmless.
 */
export default defineEvidence('Another address of the same port that accepted the client', (subject) => {
  const { connection, world } = subject;
  const { originator, responder, start } = connection;
  const shake = handshake.of(subject);
  if (responder.synSeen || (shake.known && shake.ack !== null))
    return unknown('this attempt was accepted itself');
  if (!originator.synSeen) return unknown('the attempt was not seen to begin');
  // Both addresses may be tried at the same time, the other one a little earlier.
  const found = world.acceptedElsewhere(
    originator.address,
    responder,
    start - NEXT_ADDRESS / 10,
    start + NEXT_ADDRESS,
  );
  if (found === null) return unknown('no other address of this port accepted the client then');
  const after = found.time - start;
  const when = after < 0 ? `${seconds(-after)} earlier` : `${seconds(after)} later`;
  const says = `${when} ${found.address} accepted the client at the same port`;
  return { known: true, address: found.address, after, says };
});
