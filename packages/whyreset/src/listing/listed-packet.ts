import type { ListedTime } from './listed-time.ts';

/** One end as the text writes it: numbers or names. */
export interface ListedEnd {
  host: string;
  /** Null where the line shows no port, as Wireshark's lines of application protocols. */
  port: string | null;
}

/** A TCP option that the text names; values as in the option, big-endian. */
export interface ListedOption {
  kind: number;
  /** Bytes after kind and length. */
  body: number[];
  /** SACK blocks, which count as the sequence numbers of the text do. */
  sack?: [number, number][];
}

/**
 * From where a text counts sequence numbers: `raw` as on the wire; `tcpdump` absolute in the first packet of a
 * connection and in each SYN, then relative (unless -S); `wireshark` relative to the first SYN, or not.
 */
export type Numbering = 'raw' | 'tcpdump' | 'wireshark';

/** The TCP header as far as the text shows it; null where it does not. */
export interface ListedTcp {
  /** Flag bits; null on a line that shows an application protocol instead. */
  flags: number | null;
  seq: number | null;
  ack: number | null;
  /** The field as sent, or (`scaled`) multiplied by the scale of the connection. */
  window: number | null;
  scaled: boolean;
  length: number | null;
  options: readonly ListedOption[] | null;
  /** The first payload bytes, as far as the text shows them. */
  payload: Uint8Array | null;
  numbering: Numbering;
  /** Checksum field, where the text calls it incorrect. */
  badChecksum: number | null;
  /** Wireshark marked the SYN as a new connection on old ports. */
  portsReused: boolean;
}

/** An ICMP error; what it quotes is null where the text does not show it. */
export interface ListedIcmp {
  type: number;
  code: number;
  mtu: number;
  quoted: { source: ListedEnd; destination: ListedEnd; seq: number | null } | null;
  /** Port in "tcp port 8080 unreachable". */
  port: string | null;
}

/** One packet of a text, by what the text says of it. */
export interface ListedPacket {
  /** Line of the text on which it begins, from 1. */
  line: number;
  /** Packet number of the list; null when it shows none. */
  number: number | null;
  time: ListedTime | null;
  source: ListedEnd;
  destination: ListedEnd;
  family: 4 | 6;
  ttl: number | null;
  ipId: number | null;
  dontFragment: boolean | null;
  /** Link-layer source, `aa:bb:cc:dd:ee:ff`. */
  mac: string | null;
  /** Interface that `-i any` shows, and the packet type of a Linux cooked header (`Segment.linkDirection`). */
  device: string | null;
  direction: number | null;
  /** Bytes of the whole frame. */
  frameLength: number | null;
  tcp: ListedTcp | null;
  icmp: ListedIcmp | null;
  /** The bytes of the packet from its IP header on, where a hex dump shows them. */
  bytes: Uint8Array | null;
}

/** A TCP header of which nothing is known yet. */
export function emptyTcp(numbering: Numbering): ListedTcp {
  return {
    flags: null,
    seq: null,
    ack: null,
    window: null,
    scaled: false,
    length: null,
    options: null,
    payload: null,
    numbering,
    badChecksum: null,
    portsReused: false,
  };
}

/** A packet of which nothing is known but where it stands and between whom it goes. */
export function emptyPacket(line: number, source: ListedEnd, destination: ListedEnd): ListedPacket {
  return {
    line,
    number: null,
    time: null,
    source,
    destination,
    family: source.host.includes(':') ? 6 : 4,
    ttl: null,
    ipId: null,
    dontFragment: null,
    mac: null,
    device: null,
    direction: null,
    frameLength: null,
    tcp: null,
    icmp: null,
    bytes: null,
  };
}
