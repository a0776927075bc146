import { defineEvidence, type Known, unknown } from '../define.ts';
import { seconds } from '../packets.ts';
import handshake from './handshake.ts';

export interface PredecessorFact extends Known {
  readonly known: true;
  /** Seconds from its last packet to the new SYN. */
  gap: number;
  /** Nobody had closed it, as far as was seen. */
  open: boolean;
  established: boolean;
  /** What shows that another host sent the new SYN; null when nothing does. */
  otherHost: string | null;
  /** Frame of the new SYN. */
  number: number;
}

/** A path wobbles by a hop; hosts behind one translator differ by their initial TTL or by more hops. */
const OTHER_PATH = 2;

/**
 * The connection that held the same 4-tuple until this one's SYN came. Linux
 * keeps one clock per 4-tuple (net/core/secure_seq.c secure_tcp_ts_off), but
 * other stacks draw one for each connection, so clocks are not compared.
 */
export default defineEvidence('What had the same 4-tuple before', (subject) => {
  const { predecessor } = subject.connection;
  if (predecessor === null) return unknown('the 4-tuple was not in use in this capture');
  const shake = handshake.of(subject);
  if (!shake.known) return unknown(shake.why);
  const { syn } = shake;
  const { end, open, established, ttl } = predecessor;
  const gap = syn.time - end;
  const differs = ttl > 0 && syn.ttl > 0 && Math.abs(ttl - syn.ttl) >= OTHER_PATH;
  const otherHost = differs
    ? `the SYN arrives with TTL ${syn.ttl}, the connection that had these addresses and ports ${seconds(gap)} before came with ${ttl}: two hosts behind one address`
    : null;
  return { known: true, gap, open, established, otherHost, number: syn.number };
});
