/** TCP flag bits as they stand in bytes 12–13 of the header (RFC 9293 §3.1). */
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;
export const ECE = 0x40;
export const CWR = 0x80;

/** What the checksum field says; `offloaded` is a partial sum left for the network card to finish. */
export type ChecksumVerdict = 'good' | 'bad' | 'offloaded' | 'unverifiable';

/**
 * One TCP segment as the wire room hands it on: a single object that is
 * overwritten for each packet, so that the per-packet path allocates nothing.
 * A sink that wants to keep anything copies it.
 */
export class Segment {
  /** 1-based number of the frame in its input, as tcpdump and Wireshark count. */
  number = 0;
  /** Seconds since `CaptureInfo.epochSeconds`; nanoseconds survive in a double this way. */
  time = 0;
  family: 4 | 6 = 4;
  /** The IPv4 header's checksum is wrong; only where the reader was asked to hand such packets on. */
  headerDamaged = false;
  /** Interface in the order of the file's descriptions (pcapng), ifindex (LINUX_SLL2), or 0. */
  captureInterface = -1;
  /** Packet type of a Linux cooked header: 0 to this host, 1 broadcast, 2 multicast, 3 to another host, 4 sent by this host; -1 unknown. */
  linkDirection = -1;
  /** Innermost VLAN identifier, -1 without a tag. */
  vlan = -1;
  /** Tunnels that were opened to come to it. */
  tunnels = 0;
  /** Innermost IP addresses as big-endian 32-bit words; IPv4 uses word 0 and leaves the rest 0. */
  readonly source = new Uint32Array(4);
  readonly destination = new Uint32Array(4);
  sourcePort = 0;
  destinationPort = 0;
  /** IPv4 TTL or IPv6 hop limit of the innermost header; 0, which no packet has on the wire, when the input does not show it. */
  ttl = 0;
  /** IPv4 identification; -1 for IPv6, and when the input does not show it. */
  ipId = -1;
  dontFragment = false;
  /** DSCP and ECN, the whole byte. */
  trafficClass = 0;
  /** Upper 16 and lower 32 bits of the link-layer source; -1 when the link has none. */
  macHigh = -1;
  macLow = -1;
  /** Sequence number, unsigned 32 bits. */
  seq = 0;
  /** Acknowledgement number, unsigned 32 bits; meaningless without ACK. */
  ack = 0;
  flags = 0;
  /** `seq` and `ack` are the numbers of the wire; false when the input counts them from another start, or leaves one out. */
  rawNumbers = true;
  /** Window field as sent, unscaled; -1 when the input does not show it. */
  window = 0;
  /** Length of the TCP header with options, in bytes; 0 when the input does not show the options. */
  headerLength = 20;
  /** RFC 7323 timestamps; -1 when the option is absent or cut by the snap length. */
  tsVal = -1;
  tsEcr = -1;
  /** Payload bytes on the wire, from the IP length; -1 is never used: an unknown length counts as what was captured. */
  payloadLength = 0;
  /** Payload bytes that are in `bytes`. */
  payloadCaptured = 0;
  /** The bytes that hold the packet; valid only during the call. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Offsets into `bytes`. */
  tcpOffset = 0;
  payloadOffset = 0;
  /** Bytes of the TCP header and payload that were captured. */
  tcpCaptured = 0;
}

/** An ICMP error that quotes a TCP packet: who said what about which connection. */
export interface IcmpQuote {
  number: number;
  time: number;
  family: 4 | 6;
  /** The box that sent the ICMP message, as in `Segment.source`. */
  reporter: Uint32Array;
  type: number;
  code: number;
  /** Next-hop MTU of "fragmentation needed" / "packet too big", else 0. */
  mtu: number;
  source: Uint32Array;
  destination: Uint32Array;
  sourcePort: number;
  destinationPort: number;
  /** Sequence number of the quoted segment. */
  seq: number;
}
