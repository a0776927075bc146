import type { MptcpReset } from '../wire/tcp-options.ts';
import type { Roles } from './roles.ts';

/** The two ends, named by who sent the first SYN (or was seen first); Zeek's words. */
export type Side = 'originator' | 'responder';

/** Zeek's outcome of a connection (base/protocols/conn/main.zeek). */
export type ConnState =
  | 'S0'
  | 'S1'
  | 'SF'
  | 'REJ'
  | 'S2'
  | 'S3'
  | 'RSTO'
  | 'RSTR'
  | 'RSTOS0'
  | 'RSTRH'
  | 'SH'
  | 'SHR'
  | 'OTH';

/** One packet of a connection's timeline. Sequence numbers are relative: the SYN is 0, the first byte 1. */
export interface TimelinePacket {
  /** Frame number in the input. */
  number: number;
  /** Seconds since the capture's epoch. */
  time: number;
  from: Side;
  flags: number;
  /** Relative to the sender's initial sequence number, modulo 2^32. */
  seq: number;
  /** Relative to the other side's initial sequence number; 0 without ACK. */
  ack: number;
  /** The numbers as they stood on the wire, unsigned 32 bits: a RST's odd absolute 0 must stay visible. */
  rawSeq: number;
  rawAck: number;
  /** `rawSeq` and `rawAck` are what stood on the wire; a packet list may count from another start, or leave a number out. */
  rawNumbers: boolean;
  /** Payload bytes on the wire. */
  length: number;
  /** Window field as sent, unscaled; -1 when a packet list does not show it. */
  window: number;
  /** 0 when a packet list does not show it. */
  ttl: number;
  /** IPv4 identification, -1 for IPv6, and when a packet list does not show it. */
  ipId: number;
  dontFragment: boolean;
  /** TCP header with options, bytes; 0 when a packet list does not show the options. */
  headerLength: number;
  /** RFC 7323 TSval, and the TSval of the other side that it echoes; -1 without. */
  tsVal: number;
  tsEcr: number;
  /** All bytes of it had been sent before at this vantage. */
  retransmission: boolean;
  /** 0 or 1 byte at snd_nxt − 1 (RFC 9293 §3.8.4). */
  keepAliveProbe: boolean;
  /** How often the capture holds this same packet again, taken at other places of the machine or by a mirror port; 3 stands for more. */
  copies: number;
  /** TTL of the last copy; lower than `ttl` when a router was passed in between. 0 without copies. */
  copyTtl: number;
  /** Whether the capturing machine received or sent it; null where the link layer does not tell. */
  direction: 'in' | 'out' | null;
}

/** The head of one turn: what a side said before the other side spoke again. */
export interface Turn {
  /** First bytes, at most `MAX_HEAD`. */
  head: Uint8Array;
  /** Frame that began it. */
  number: number;
  time: number;
  /** Payload bytes of the turn so far. */
  length: number;
  /** Seconds of silence (no payload either way, keep-alive probes not counted) before it began; -1 for the first. */
  idleBefore: number;
  /** Frame of the last payload before that silence, 0 if none. */
  idleSince: number;
}

/** When and where a FIN or RST was first seen from one side. */
export interface Ending {
  number: number;
  time: number;
  /** Relative sequence number just past it (FIN counted). */
  seq: number;
}

export interface Endpoint {
  /** Address without port, RFC 5952 for IPv6. */
  address: string;
  port: number;
  packets: number;
  /** Payload bytes as Zeek counts them, from sequence numbers. */
  bytes: number;
  /** A SYN of this side was seen, so relative numbers are exact. */
  synSeen: boolean;
  /** Highest relative sequence number sent (next byte). */
  sent: number;
  /** Highest relative number the other side acknowledged by a non-RST segment. */
  acked: number;
  /** Packets that repeated bytes (Zeek's T/t). */
  retransmissions: number;
  /** Content gaps (Zeek's G/g). */
  gaps: number;
  zeroWindows: number;
  keepAliveProbes: number;
  /** Segments dropped by the receiver's checksum, had they arrived so (Zeek's C/c). */
  badChecksums: number;
  resets: number;
  fin: Ending | null;
  /** First RST of this side. */
  rst: Ending | null;
  /** TTLs of this side's packets other than RSTs: smallest, largest; 0 when none seen. */
  ttlMin: number;
  ttlMax: number;
  /** Link-layer source of the first packet, `aa:bb:…`; null where the link has none. */
  mac: string | null;
  /** Link-layer source of the first RST. */
  rstMac: string | null;
  /** Window scale shift, -1 when no SYN was seen or not offered. */
  windowScale: number;
  mss: number;
  timestamps: boolean;
  /** Seconds between a packet towards this side and its acknowledgement, smallest; -1 unknown. */
  minRtt: number;
  /** First payload this side sent; null when none. */
  firstTurn: Turn | null;
  /** Latest turn; the same object as `firstTurn` when there was one turn. */
  lastTurn: Turn | null;
  /** Number of turns: for HTTP the requests (originator) and responses (responder). */
  turns: number;
  /** The latest eight bytes of payload, zeros in front of fewer; empty without payload, all zero where not captured. */
  tail: Uint8Array;
  /** Bytes that the TLS record under way still lacks; 0 at the end of one, -1 where the side's records are not known. */
  tlsRecordLacks: number;
  /** Last packet with payload; 0 / -1 when none. */
  lastDataNumber: number;
  lastDataTime: number;
}

/** An ICMP error that quoted one of this connection's packets. */
export interface IcmpError {
  number: number;
  time: number;
  reporter: string;
  type: number;
  code: number;
  mtu: number;
  /** Whose packet it complained about. */
  about: Side;
}

/** The connection that had the same 4-tuple before and was cut by this one's SYN. */
export interface Predecessor {
  /** Time of its last packet. */
  end: number;
  /** Neither both sides had closed it nor one had reset it. */
  open: boolean;
  established: boolean;
  /** Largest TTL of the side whose SYN cut it; 0 unknown. */
  ttl: number;
  /** That side's last TSval (RFC 7323) and when it passed; -1 without. */
  tsVal: number;
  tsTime: number;
  /** Raw numbers that this side and the other one would have sent next; -1 unknown. */
  next: number;
  peerNext: number;
}

/** SACK blocks of bytes that the other side had never sent (see `sack.ts`). */
export interface ForeignSack {
  /** First packet with such a block, and how many followed it, that one included. */
  number: number;
  time: number;
  from: Side;
  count: number;
  /** Bytes from what that packet acknowledges to the left edge of its block, modulo 2^32 as a signed number. */
  off: number;
}

/** One finished (or cut) TCP connection, materialised for the evidence room. */
export interface Connection {
  /** Index of the input it was seen in. */
  input: number;
  family: 4 | 6;
  /** Time of the first packet, seconds since the capture's epoch. */
  start: number;
  /** Time of the last packet. */
  end: number;
  originator: Endpoint;
  responder: Endpoint;
  /** Why the originator is held to be the client. */
  roles: Roles;
  state: ConnState;
  history: string;
  /** Seen from its SYN on. False: mid-stream, and who opened it is a guess. */
  sawHandshake: boolean;
  /** Why the record ends: removed by Zeek's timers, the input's end, a new SYN on the 4-tuple, or the memory bound. */
  ended: 'closed' | 'timeout' | 'end-of-input' | 'reused' | 'evicted';
  /** First packets and last packets, in order; `elided` packets between them were not kept. */
  timeline: TimelinePacket[];
  /** Index into `timeline` before which `elided` packets are missing. */
  elidedAt: number;
  elided: number;
  /** Payload of the first RST (RFC 9293 §3.5.2 allows one), at most 256 bytes; null when empty. */
  resetPayload: Uint8Array | null;
  /** MP_TCPRST option of the first RST (RFC 8684 §3.6). */
  mptcpReset: MptcpReset | null;
  /** The first RST carries MP_FASTCLOSE (RFC 8684 §3.5). */
  mptcpFastClose: boolean;
  foreignSack: ForeignSack | null;
  icmp: IcmpError[];
  /** Null when the 4-tuple was not in use. */
  predecessor: Predecessor | null;
}
