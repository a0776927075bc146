import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, endpoint, hasAck, isReset, isSyn, later, other, past } from '../packets.ts';
import { keepsTimestamps, keepsWindow } from '../sender/stack-profile.ts';

/**
 * What the header of a RST says about who built it (diagnose.md §3.1; Linux
 * net/ipv4/tcp_output.c tcp_send_active_reset, net/ipv4/tcp_ipv4.c tcp_v4_send_reset).
 *
 * - `active`: RST+ACK from a stack that holds the connection: an application or timer ended it.
 * - `passive`: bare RST, window 0, no options: the answer to a segment nobody could place.
 * - `refusal`: RST+ACK with sequence 0 and window 0: the answer to a SYN.
 * - `foreign`: none of these; no stack that its sender's other packets allow builds it (`sender/stack-profile.ts`).
 */
export type ResetShape = 'active' | 'passive' | 'refusal' | 'foreign';

export interface ResetFact extends Known {
  readonly known: true;
  /** The first RST of the connection. */
  packet: TimelinePacket;
  /** Position of `packet` in the timeline. */
  index: number;
  /** The side whose address it carries. */
  side: Side;
  shape: ResetShape;
  /** What in the header does not fit any honest shape; empty unless `foreign`. */
  oddities: string[];
  /** It has what no Linux stack would send, and a packet list does not show the TTL that would tell whose stack it is. */
  suspect: boolean;
  /** Sequence number minus the next byte this side had to send: 0 is honest, > 0 lies ahead of all that is known. */
  ahead: number;
  /** RSTs kept in the timeline, both directions, in order. */
  all: TimelinePacket[];
  /** RSTs seen from each side in the whole connection. */
  fromOriginator: number;
  fromResponder: number;
}

/** Bytes between a RST and the packets it overtook in the sender's queue arrive this soon after it, seconds. */
const OVERTAKEN = 0.2;

/**
 * How far the sequence number of the RST lies beyond what its side is known to
 * have sent. Known is what was captured, what the other side acknowledged (the
 * capture may have lost it), and what follows the RST and ends where it stands
 * (pacing lets a RST overtake queued data). 0 when the side's packets were not in view at all.
 */
function aheadOf(timeline: readonly TimelinePacket[], index: number, side: Side): number {
  const { seq, time } = timeline[index]!;
  let next: number | null = null;
  let inView = false;
  for (let i = 0; i < timeline.length; i++) {
    const p = timeline[i]!;
    if (isReset(p)) continue;
    if (p.from !== side) {
      if (hasAck(p)) next = later(next, i < index || distance(p.ack, seq) <= 0 ? p.ack : seq);
    } else if (i < index || (p.time - time < OVERTAKEN && distance(past(p), seq) <= 0)) {
      next = later(next, past(p));
      inView = true;
    }
  }
  if (next === null) return 0;
  const ahead = distance(seq, next);
  return inView || ahead < 0 ? ahead : 0;
}

/** The MP_TCPRST option, bytes. */
const MP_TCPRST_LENGTH = 4;

/** Last packet of `side` before `index` that is not a RST. */
function before(timeline: readonly TimelinePacket[], index: number, side: Side): TimelinePacket | null {
  for (let i = index - 1; i >= 0; i--) {
    const p = timeline[i]!;
    if (p.from === side && !isReset(p)) return p;
  }
  return null;
}

/** Header with the MD5 option, and the authentication option (RFC 2385, RFC 5925), at the least, bytes. */
const SIGNED_HEADER = 36;

/** Its side signs all its packets (BGP): Linux signs the RST that answers one as well (tcp_v4_send_reset). */
function signed(timeline: readonly TimelinePacket[], side: Side, packet: TimelinePacket): boolean {
  const own = timeline.filter((p) => p.from === side && !isReset(p) && !isSyn(p));
  return own.length > 0 && own.every((p) => p.headerLength >= Math.max(SIGNED_HEADER, packet.headerLength));
}

export default defineEvidence(
  'The first RST: whose address it carries, and what its header says about its maker',
  ({ connection }) => {
    const { timeline, originator, responder } = connection;
    if (originator.resets + responder.resets === 0) return unknown('the connection carries no RST');
    const index = timeline.findIndex(isReset);
    const packet = timeline[index];
    if (packet === undefined) return unknown('the first RST was not kept in the timeline');
    const side = packet.from;
    const own = endpoint(connection, side);
    const peer = endpoint(connection, other(side));
    const last = before(timeline, index, side);
    const bare = !hasAck(packet);
    // Multipath TCP says its reason in an option, on RSTs of either shape (RFC 8684 §3.6).
    const spoken = connection.mptcpReset === null ? 0 : MP_TCPRST_LENGTH;
    // A packet list may leave out the options, the TTL and the raw numbers: what it leaves out is no oddity.
    const optionsKnown = packet.headerLength > 0;
    const optionless = packet.headerLength - spoken === 20;
    const oddities: string[] = [];
    let suspect = false;
    let shape: ResetShape;

    if (bare) {
      shape = 'passive';
      if (packet.window > 0) oddities.push(`a bare RST with window ${packet.window}`);
      if (optionsKnown && !optionless && !signed(timeline, side, packet))
        oddities.push('a bare RST with TCP options');
    } else if ((packet.rawSeq === 0 || !packet.rawNumbers) && packet.window === 0 && last === null) {
      shape = 'refusal';
    } else {
      shape = 'active';
      const expectsTimestamps = own.timestamps && peer.timestamps;
      if (expectsTimestamps && optionless && keepsTimestamps(connection, side))
        oddities.push('a RST+ACK without the timestamps this connection uses');
      // FreeBSD puts window 0 on every RST but keeps the timestamps.
      const bareOptions = optionless || !expectsTimestamps;
      const closed = packet.window === 0 && last !== null && last.window > 0;
      if (closed && bareOptions && keepsWindow(connection, side))
        oddities.push('a RST+ACK with window 0 in an open connection');
      const stackUnknown = packet.ttl === 0 && last !== null && !isSyn(last);
      suspect = stackUnknown && ((closed && bareOptions) || (expectsTimestamps && optionless));
    }
    // A SYN-ACKed handshake answered by RST+ACK without window is how several stacks abort a connect.
    if (last !== null && isSyn(last) && packet.window === 0 && shape === 'active') oddities.length = 0;
    if (oddities.length > 0) shape = 'foreign';

    return {
      known: true,
      packet,
      index,
      side,
      shape,
      oddities,
      suspect,
      ahead: shape === 'refusal' ? 0 : aheadOf(timeline, index, side),
      all: timeline.filter(isReset),
      fromOriginator: originator.resets,
      fromResponder: responder.resets,
    };
  },
);
