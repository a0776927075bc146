import type { IcmpError, Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isData, isReset, later, past } from '../packets.ts';
import giveUp from './give-up.ts';

export interface SegmentSizesFact extends Known {
  readonly known: true;
  side: Side;
  /** Repetitions of more bytes than any segment that arrived. */
  large: TimelinePacket[];
  /** The smallest IP packet among them, bytes. */
  lost: number;
  /** The largest IP packet with payload of that side that was acknowledged, bytes; 0 when none was. */
  arrived: number;
  /** All of them forbid fragmentation (IPv4 DF; IPv6 routers never fragment). */
  dontFragment: boolean;
  /** All packets of the connection were kept, so none that was larger and arrived can be missing. */
  whole: boolean;
  /** First packet of the other side after the bytes were first sent: the path is open to small packets. */
  alive: TimelinePacket | null;
  /** A router said that a packet was too big (ICMP 3/4, ICMPv6 2/0); null when none did. */
  tooBig: IcmpError | null;
  /** Repetitions that came after that and still were larger than the MTU it gave. */
  despite: TimelinePacket[];
}

/** Below this every path carries a packet: 576 bytes of IPv4 (RFC 791), 1280 of IPv6 (RFC 8200 §5). */
const EVERYWHERE = { 4: 576, 6: 1280 } as const;
const IP_HEADER = { 4: 20, 6: 40 } as const;

/** Large segments repeated in vain where small ones get through: a link with a smaller MTU, and nobody who says so. */
export default defineEvidence('The size of what arrived against the size of what did not', (subject) => {
  const lost = giveUp.of(subject);
  if (!lost.known) return unknown(lost.why);
  const { connection } = subject;
  const { family, timeline, elided } = connection;
  const { side, repetitions, heard } = lost;
  const onWire = (p: TimelinePacket) => IP_HEADER[family] + p.headerLength + p.length;
  let acked: number | null = null;
  for (const p of timeline) if (p.from !== side && !isReset(p) && hasAck(p)) acked = later(acked, p.ack);
  let arrived = 0;
  for (const p of timeline)
    if (p.from === side && isData(p) && acked !== null && distance(acked, past(p)) >= 0)
      arrived = Math.max(arrived, onWire(p));
  const large = repetitions.filter((p) => onWire(p) > Math.max(arrived, EVERYWHERE[family]));
  if (large.length < repetitions.length || large.length === 0)
    return unknown('segments as small as those that arrived were lost too');
  const tooBig =
    connection.icmp.find(
      ({ about, type, code }) => about === side && (family === 6 ? type === 2 : type === 3 && code === 4),
    ) ?? null;
  const despite =
    tooBig === null || tooBig.mtu === 0
      ? []
      : large.filter((p) => p.number > tooBig.number && onWire(p) > tooBig.mtu);
  return {
    known: true,
    side,
    large,
    lost: Math.min(...large.map(onWire)),
    arrived,
    dontFragment: family === 6 || large.every((p) => p.dontFragment),
    whole: elided === 0,
    alive: heard[0] ?? lost.later,
    tooBig,
    despite,
  };
});
