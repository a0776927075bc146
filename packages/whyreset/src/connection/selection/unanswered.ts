import { seqDifference } from '../../wire/sequence.ts';
import { type PacketRecord, readPacket } from '../notes/packet-record.ts';
import { keptPackets, MOST_PACKETS } from '../notes/timeline.ts';
import {
  ACK_KNOWN,
  ACKED,
  PACKETS,
  PROBES,
  RETRANSMITS,
  SENT,
  SENT_KNOWN,
  SIDE_0,
  SIDE_1,
  START_SEQ,
  STATE,
  STATE_MASK,
  SYN_SEEN,
  SYN_SENT,
  TTL,
  TURNS,
  UNANSWERED,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';

/** Repetitions after which unanswered payload is more than one lost packet. */
const SEVERAL = 2;

/** Payload was repeated again and again and nobody acknowledged it. */
export function unanswered(v: Int32Array, e: number): boolean {
  const state = v[e + STATE]!;
  if (v[e + UNANSWERED]! < SEVERAL || (state & SENT_KNOWN) === 0) return false;
  return (state & ACK_KNOWN) === 0 || seqDifference(v[e + SENT]!, v[e + ACKED]!) > 0;
}

/** Keep-alive probes at the end of a connection that are more than the last ones before the capture stopped. */
const PROBES_IN_VAIN = 3;

const kept = new Int32Array(MOST_PACKETS);
const packet = {} as PacketRecord;

/** One side went on asking whether the other still lives, which until then had been heard, and nobody answered. */
export function probedInVain(live: Live, r: number): boolean {
  const v = live.rows.v;
  const side0 = r + SIDE_0;
  const side1 = r + SIDE_1;
  if (v[side0 + PROBES]! < PROBES_IN_VAIN && v[side1 + PROBES]! < PROBES_IN_VAIN) return false;
  if (v[side0 + PACKETS] === 0 || v[side1 + PACKETS] === 0) return false;
  const count = keptPackets(live, r, kept);
  let side = -1;
  for (let i = 1; i <= PROBES_IN_VAIN; i++) {
    if (i > count) return false;
    readPacket(live, kept[count - i]!, packet);
    if (!packet.keepAliveProbe || (side >= 0 && packet.side !== side)) return false;
    side = packet.side;
  }
  return true;
}

/** The client asked for a connection again, and never heard a word. */
export function unansweredSyn(v: Int32Array, orig: number, resp: number): boolean {
  if ((v[orig + STATE]! & STATE_MASK) !== SYN_SENT || v[orig + PACKETS]! < SEVERAL) return false;
  return v[resp + TTL] === 0 && (v[resp + STATE]! & ACK_KNOWN) === 0;
}

/** The responder repeats its SYN-ACK as if the acknowledgements of it had not come. */
export function unheardAck(v: Int32Array, orig: number, resp: number): boolean {
  if (v[resp + RETRANSMITS]! < SEVERAL || v[resp + TURNS]! > 0) return false;
  const opened = (v[resp + STATE]! & (SYN_SEEN | ACK_KNOWN)) === (SYN_SEEN | ACK_KNOWN);
  return opened && seqDifference(v[resp + SENT]!, v[resp + START_SEQ]!) === 1 && v[orig + PACKETS]! > SEVERAL;
}
