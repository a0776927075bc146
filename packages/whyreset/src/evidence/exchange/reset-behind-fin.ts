import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { DELAYS, defineEvidence, type Known, unknown } from '../define.ts';
import { seconds, who } from '../packets.ts';
import reset from '../reset/reset.ts';
import { PROMPT } from '../thresholds.ts';
import closing from './closing.ts';

export interface ResetBehindFinFact extends Known {
  readonly known: true;
  side: Side;
  fin: TimelinePacket;
  packet: TimelinePacket;
  /** Seconds from the FIN to the RST. */
  after: number;
  /** One sentence without a final stop. */
  says: string;
}

/**
 * `shutdown(SHUT_WR)` and then `close()` with received bytes unread, as Python's socketserver ends every connection:
 * a FIN, and right behind it a RST of the socket itself, with nothing of the other side between the two (Linux
 * net/ipv4/tcp.c __tcp_close). An answer to late data is a bare RST instead.
 */
export default defineEvidence('A RST of the socket itself right behind its own FIN', (subject) => {
  const r = reset.of(subject);
  const close = closing.of(subject);
  if (!r.known || !close.known) return unknown('there is no FIN with a RST behind it');
  const { side, packet } = r;
  const { fin } = close;
  if (r.shape !== 'active' || close.side !== side || packet.number < fin.number)
    return unknown('the RST is not one of the side that had closed');
  if (close.dataAfter.length > 0 || close.bothBeforeReset) return unknown('more had come behind the FIN');
  const after = packet.time - fin.time;
  if (after >= PROMPT) return unknown('the RST came long after the FIN');
  const name = who(side);
  return {
    known: true,
    side,
    fin,
    packet,
    after,
    says: `the ${name} sent a FIN and, ${seconds(after)} later, an active RST+ACK, with nothing of the other side between: its program closed the socket with received bytes unread`,
  };
}).needsTimes(DELAYS);
