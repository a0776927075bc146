import { acceptedProtocol, isProxyHeader } from '../../protocol/spoken-protocol.ts';
import { seqDifference } from '../../wire/sequence.ts';
import { type ResetRecord, readReset } from '../notes/resets.ts';
import { firstHead, firstHeadLength, headBytes, headOffset } from '../store/heads.ts';
import {
  ACK_KNOWN,
  ACKED,
  ADDRESS_0,
  ADDRESS_1,
  ESTABLISHED_ONCE,
  FLAGS,
  HANDSHAKE_RTT,
  IPV6,
  MIN_RTT,
  ORIGINATOR_IS_1,
  originatorSide,
  PACKETS,
  PARTIAL_CONNECTION,
  PORTS,
  RESET,
  RESETS,
  responderSide,
  SENT_KNOWN,
  START,
  START_SEQ,
  STATE,
  SYN_SEEN,
  TTL,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { readHistory } from '../zeek/history.ts';

/** What one finished connection adds. The same object is filled for each. */
export interface HostReport {
  family: 4 | 6;
  words: Int32Array;
  originatorAt: number;
  responderAt: number;
  originatorPort: number;
  responderPort: number;
  /** A SYN or SYN-ACK shows that the originator opened it. */
  opened: boolean;
  start: number;
  established: boolean;
  refused: boolean;
  unanswered: boolean;
  halfOpen: boolean;
  /** Packets of both sides, or of one while the other shows that more were sent; unclear with neither. */
  directions: 'both' | 'one' | 'unclear';
  refusedAt: number;
  /** Index into `PROTOCOLS` of what the responder accepted, -1 none or unknown; behind a PROXY header. */
  accepted: number;
  proxied: boolean;
  responderResets: number;
  handshakeRtt: number;
  originatorTtlMin: number;
  originatorTtlMax: number;
  originatorRtt: number;
  responderTtlMin: number;
  responderTtlMax: number;
  responderRtt: number;
}

/** The side sent something other than RSTs, which others can send in its name. */
const isSeen = (v: Int32Array, e: number) => v[e + TTL] !== 0 || v[e + PACKETS]! > v[e + RESETS]!;

/** One side is missing although the other acknowledges what it sent while the capture ran. */
function isOneWay(v: Int32Array, seen: number, missing: number): boolean {
  if ((v[missing + STATE]! & ACK_KNOWN) === 0) return false;
  // Before its first packet a side is numbered from the first acknowledgement of it, which counts as 1.
  const acknowledged = seqDifference(v[missing + ACKED]!, v[missing + START_SEQ]!);
  // A SYN-ACK answers a SYN, which may have gone out under another name where a RST answers it.
  return acknowledged > 1 || ((v[seen + STATE]! & SYN_SEEN) !== 0 && v[missing + RESETS] === 0);
}

/**
 * A SYN of the originator or a SYN-ACK of the responder is in view. Zeek also takes the sender of a SYN-ACK that comes
 * first for the originator (history `H`): there the roles are a guess.
 */
function isOpened(live: Live, r: number, orig: number, resp: number): boolean {
  const { v } = live.rows;
  const partial = (v[r + FLAGS]! & PARTIAL_CONNECTION) !== 0;
  // A refusal marks the connection as partial, too, because no SYN-ACK came before it.
  if ((v[orig + STATE]! & SYN_SEEN) !== 0) return !partial || !readHistory(live, r).includes('H');
  return (v[resp + STATE]! & SYN_SEEN) !== 0 && !partial;
}

function directionsOf(v: Int32Array, orig: number, resp: number): HostReport['directions'] {
  const seen = isSeen(v, orig);
  if (seen && isSeen(v, resp)) return 'both';
  return (seen ? isOneWay(v, orig, resp) : isOneWay(v, resp, orig)) ? 'one' : 'unclear';
}

/** The protocol in which the responder took what the originator began with; -1 unknown. */
function acceptedOf(live: Live, resp: number): number {
  const head = firstHead(live.rows.v, resp);
  if (head < 0) return -1;
  return acceptedProtocol(headBytes(live, head), headOffset(head), firstHeadLength(live.rows.v, resp));
}

function beginsWithProxy(live: Live, orig: number): boolean {
  const head = firstHead(live.rows.v, orig);
  if (head < 0) return false;
  return isProxyHeader(headBytes(live, head), headOffset(head), firstHeadLength(live.rows.v, orig));
}

const report = {} as HostReport;
const reset = {} as ResetRecord;

/** What the finished connection in row `r` says about its two hosts; one object, filled anew each time. */
export function hostReport(live: Live, r: number): HostReport {
  const { v, d, f } = live.rows;
  const flags = v[r + FLAGS]!;
  const turned = (flags & ORIGINATOR_IS_1) !== 0;
  const orig = r + originatorSide(flags);
  const resp = r + responderSide(flags);
  report.family = (flags & IPV6) !== 0 ? 6 : 4;
  report.words = v;
  report.originatorAt = r + (turned ? ADDRESS_1 : ADDRESS_0);
  report.responderAt = r + (turned ? ADDRESS_0 : ADDRESS_1);
  report.responderPort = turned ? v[r + PORTS]! >>> 16 : v[r + PORTS]! & 0xffff;
  report.originatorPort = turned ? v[r + PORTS]! & 0xffff : v[r + PORTS]! >>> 16;
  report.opened = isOpened(live, r, orig, resp);
  report.start = d[(r + START) >> 1]!;
  report.established = (flags & ESTABLISHED_ONCE) !== 0;
  report.refused = !report.established && (v[orig + STATE]! & SYN_SEEN) !== 0 && v[resp + RESETS]! > 0;
  const met = (v[resp + STATE]! & SENT_KNOWN) !== 0 || v[resp + TTL] !== 0 || v[resp + RESETS]! > 0;
  // What acknowledges the responder has heard it, even where the capture has not.
  const acknowledged = (v[resp + STATE]! & ACK_KNOWN) !== 0;
  report.unanswered = (v[orig + STATE]! & SYN_SEEN) !== 0 && !met && !acknowledged;
  report.halfOpen = report.established && !acknowledged && v[orig + RESETS] === 0;
  report.directions = directionsOf(v, orig, resp);
  report.refusedAt = report.start;
  if (report.refused && v[resp + RESET]! >= 0) {
    readReset(live, v[resp + RESET]!, reset);
    report.refusedAt = reset.time;
  }
  report.accepted = acceptedOf(live, resp);
  report.proxied = report.accepted >= 0 && beginsWithProxy(live, orig);
  report.responderResets = v[resp + RESETS]!;
  report.handshakeRtt = f[r + HANDSHAKE_RTT]!;
  report.originatorTtlMin = v[orig + TTL]! & 0xff;
  report.originatorTtlMax = v[orig + TTL]! >> 8;
  report.originatorRtt = f[orig + MIN_RTT]!;
  report.responderTtlMin = v[resp + TTL]! & 0xff;
  report.responderTtlMax = v[resp + TTL]! >> 8;
  report.responderRtt = f[resp + MIN_RTT]!;
  return report;
}
