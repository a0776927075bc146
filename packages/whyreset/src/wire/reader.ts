import type { IcmpQuote, Segment } from './segment.ts';

/** Something in the input that could not be read, with where it was found. */
export interface CaptureWarning {
  /** Stable word for programs: `truncated`, `garbled-record`, `unsupported-link-type`, … */
  code: string;
  /** One plain sentence; safe to print (no control characters). */
  message: string;
  /** Byte offset in the uncompressed input, when it has one. */
  offset?: number;
  /** How often; equal warnings are counted, not repeated. */
  count: number;
}

/** Packets in which no TCP segment was found, by what they hold instead. */
export interface OtherPackets {
  /** `ARP`, `UDP port 2152 (GTP-U)`, `EtherType 0x1234`; safe to print. */
  what: string;
  packets: number;
}

export interface CaptureInfo {
  /** `pcap`, `pcap-ns`, `pcap-modified`, `pcapng`, or how a text writes packets (`tcpdump-text`, …); null until it is known. */
  format: string | null;
  /** Integer seconds since 1970 that `Segment.time` counts from. */
  epochSeconds: number;
  packets: number;
  tcpPackets: number;
  /** What the capture holds besides TCP, in order of first appearance. */
  other: OtherPackets[];
  /** Bytes consumed so far. */
  bytes: number;
  /** Smallest snap length of any interface, 0 when unlimited or unknown. */
  snapLength: number;
  /** Names of the link types seen. */
  linkTypes: string[];
  interfaces: string[];
  warnings: CaptureWarning[];
  /** What a packet list as text is worth; absent for a capture. */
  text?: TextInfo;
}

/** What a packet list as text has of times and addresses. */
export interface TextInfo {
  /** `absolute` times have a date, `clock` a time of day only, `relative` neither. */
  clock: 'absolute' | 'clock' | 'relative' | 'none';
  /** The finest difference that its times show, seconds; infinite without times. */
  resolution: number;
  /** Lines that are packets could not be read, or not be given to a connection. */
  incomplete: boolean;
  /** Names that the text has instead of addresses and ports, by the number that stands in for each. */
  names: { readonly hosts: ReadonlyMap<string, string>; readonly ports: ReadonlyMap<number, string> };
}

/** Where a reader puts what it understood. */
export interface CaptureSink {
  segment(segment: Segment): void;
  icmp?(quote: IcmpQuote): void;
}
