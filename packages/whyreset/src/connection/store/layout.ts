/**
 * Where everything about one live connection stands.
 *
 * A connection is a row of `STRIDE` 32-bit words in one buffer that is seen
 * through three typed arrays. No object exists per connection and nothing is
 * allocated per packet, because at several million packets a second both the
 * allocation and the garbage collection would cost more than the tracking.
 * Offsets are in 32-bit words; those that hold a double are even.
 *
 * Side 0 is the sender of the first packet, side 1 its peer. Who of them is the
 * originator is a flag, so that Zeek's change of direction costs one bit.
 */

/** Words of the connection as a whole. */
export const ADDRESS_0 = 0;
export const ADDRESS_1 = 4;
/** Port of side 0 in the upper half, of side 1 in the lower. */
export const PORTS = 8;
export const FLAGS = 9;
/** Zeek's `hist_seen`: one bit per once-only letter, the responder's shifted by 16. */
export const HISTORY_SEEN = 10;
export const HISTORY_LENGTH = 11;
/** The first `HISTORY_INLINE` letters, one byte each. */
export const HISTORY = 12;
export const HISTORY_INLINE = 16;
/** Time of the first packet. */
export const START = 16;
/** Zeek's `last_time`: it stands still once both sides are closed. */
export const LAST_TIME = 18;
/** Time of the last packet, whatever it was. */
export const END = 20;
/** Zeek's timers; Infinity when not set. */
export const EXPIRE = 22;
export const EXPIRE_2 = 24;
export const DELETE = 26;
export const ATTEMPT = 28;
/** Time and frame of the last payload of either side. */
export const PAYLOAD_TIME = 30;
export const PAYLOAD_NUMBER = 32;
export const HASH = 33;
/** First ICMP note about the connection, -1 none. */
export const ICMP = 34;
/** Timeline: first and last block (-1 none), blocks held, packets seen. */
export const BLOCK_FIRST = 35;
export const BLOCK_LAST = 36;
export const BLOCK_COUNT = 37;
export const SEEN = 38;
/** Seconds of silence after which Zeek drops the connection. */
export const IDLE_LIMIT = 39;
/** Float: SYN to SYN-ACK, seconds; -1 unknown. */
export const HANDSHAKE_RTT = 40;
/** Record of the first SACK block that lies outside the stream, -1 none. */
export const SACK = 41;
/** Even, as every stride is: doubles lie on even words. */
const SIDES = 42;

/** Words of one side, from the side's own base. */
export const STATE = 0;
export const START_SEQ = 1;
export const LAST_SEQ = 2;
export const ACK_SEQ = 3;
/** How often `LAST_SEQ` (upper half) and `ACK_SEQ` (lower half) passed 2^32. */
export const WRAPS = 4;
/** Bits: 0–15 MSS, 16–19 the scale in force, 20–24 the scale offered + 1. */
export const OPTIONS = 5;
export const RESETS = 6;
export const LAST_SYN = 7;
export const LAST_FIN = 8;
export const LAST_RST = 9;
export const BAD_CHECKSUMS = 10;
export const RETRANSMITS = 11;
export const ZERO_WINDOWS = 12;
export const GAPS = 13;
export const PACKETS = 14;
/** First interval above a hole, -1 none. */
export const HOLE = 15;
/** Next number this side will send, and the highest one acknowledged to it; raw. */
export const SENT = 16;
export const ACKED = 17;
export const PROBES = 18;
export const FIN_NUMBER = 19;
/** Largest TTL in bits 8–15, smallest in 0–7, of packets other than RSTs. */
export const TTL = 20;
/** Index of the link-layer source, -1 none. */
export const MAC = 21;
/** Record of the first RST, -1 none. */
export const RESET = 22;
/** Number whose acknowledgement ends the round trip being measured. */
export const RTT_SEQ = 23;
export const TURNS = 24;
/** A turn: frame, length, frame of the payload before the silence, head. First turn, then latest. */
export const FIRST_NUMBER = 25;
export const FIRST_LENGTH = 26;
export const FIRST_SINCE = 27;
export const FIRST_HEAD = 28;
export const LAST_NUMBER = 29;
export const LAST_LENGTH = 30;
export const LAST_SINCE = 31;
export const LAST_HEAD = 32;
/** Last packet with payload. */
export const DATA_NUMBER = 33;
/** Bytes in the first head (upper half) and the latest (lower half). */
export const HEAD_LENGTHS = 34;
/** Floats. */
export const FIRST_IDLE = 35;
export const LAST_IDLE = 36;
export const MIN_RTT = 37;
/** Retransmissions of payload since the other side last acknowledged anything new. */
export const UNANSWERED = 38;
/** Raw number just past the first FIN. */
export const FIN_END = 39;
/** Doubles. Relative numbers as in Zeek: the SYN is 0. */
export const FIN_SEQ = 40;
export const REASSEMBLED = 42;
export const TRIMMED = 44;
export const FIN_TIME = 46;
export const RTT_TIME = 48;
export const FIRST_TIME = 50;
export const TURN_TIME = 52;
export const DATA_TIME = 54;
/** The latest eight bytes of payload in two words, 0 where not seen; and where the side stands in a TLS record. */
export const TAIL = 56;
export const TLS_RECORD = 58;
/** One word to spare keeps doubles even. */
const SIDE_STRIDE = 60;

export const SIDE_0 = SIDES;
export const SIDE_1 = SIDES + SIDE_STRIDE;
export const STRIDE = SIDES + 2 * SIDE_STRIDE;

/** A block of the timeline: four packet records of ten words, the link to the next block, a word to spare. */
export const RECORD_WORDS = 10;
export const RECORDS_PER_BLOCK = 4;
export const BLOCK_LINK = RECORD_WORDS * RECORDS_PER_BLOCK;
export const BLOCK_WORDS = BLOCK_LINK + 2;

/** Bits of `FLAGS`. */
export const ORIGINATOR_IS_1 = 1 << 0;
export const IPV6 = 1 << 1;
export const ORIGINATOR_SEEN = 1 << 2;
export const RESPONDER_SEEN = 1 << 3;
export const PARTIAL_CONNECTION = 1 << 4;
export const ACTIVE = 1 << 5;
export const CLOSE_DEFERRED = 1 << 6;
export const TROUBLED = 1 << 7;
export const ANY_PAYLOAD = 1 << 8;
/** The last payload came from side 1. */
export const PAYLOAD_FROM_1 = 1 << 9;
export const ESTABLISHED_ONCE = 1 << 10;
export const RELEASED = 1 << 11;
/** How many packets were written down since the first RST, that one included; the full count stops it. */
export const SINCE_RESET = 15 << 12;
export const ONE_SINCE_RESET = 1 << 12;
/** The capture holds it under other addresses as well. */
export const TRANSLATED = 1 << 16;

/** Bits of a side's `STATE` above the two state fields of three bits each. */
export const STATE_MASK = 0b111;
export const PREVIOUS_SHIFT = 3;
export const DID_CLOSE = 1 << 6;
export const DID_EOF = 1 << 7;
/** Reassembly was given up (too much data without an acknowledgement). */
export const SKIPPING = 1 << 8;
export const SYN_SEEN = 1 << 9;
export const FIN_SEEN = 1 << 10;
export const ACK_KNOWN = 1 << 11;
export const SENT_KNOWN = 1 << 12;
export const RTT_PENDING = 1 << 13;
export const TIMESTAMPS = 1 << 14;
/** The pending round trip is the SYN's own. */
export const RTT_OF_SYN = 1 << 15;

/** Zeek's endpoint states (TCP_Endpoint.h), in its order. */
export const INACTIVE = 0;
export const SYN_SENT = 1;
export const SYN_ACK_SENT = 2;
export const PARTIAL = 3;
export const ESTABLISHED = 4;
export const CLOSED = 5;
export const RESET_STATE = 6;

/** Offset of the originator's, and of the responder's side within the row. */
export function originatorSide(flags: number): number {
  return (flags & ORIGINATOR_IS_1) !== 0 ? SIDE_1 : SIDE_0;
}
export function responderSide(flags: number): number {
  return (flags & ORIGINATOR_IS_1) !== 0 ? SIDE_0 : SIDE_1;
}

/** The other side of row `r`. */
export function peerOf(r: number, e: number): number {
  return 2 * r + SIDE_0 + SIDE_1 - e;
}
/** 0 or 1. */
export function sideIndex(r: number, e: number): number {
  return e === r + SIDE_0 ? 0 : 1;
}
