import { firstLine } from './application-text.ts';
import { emptyTcp, type ListedIcmp, type ListedTcp } from './listed-packet.ts';
import { readWiresharkOptions } from './tcp-option-text.ts';

const ARROW = '(?:→|➔|⟶|->|>|â†’|\\?)';
/** `45974 → 8080 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 …`, with notes such as `[TCP Retransmission]` before it. */
const TCP = new RegExp(
  String.raw`^((?:\[[^\]]{1,80}\]\s*)*)(\S+?)(?:\(\d+\))?\s*${ARROW}\s*(\S+?)(?:\(\d+\))?\s+\[([A-Za-z, <>]{1,48})\]\s*Seq=(\d{1,10})(.*)$`,
);

const FLAGS: Readonly<Record<string, number>> = {
  FIN: 0x01,
  SYN: 0x02,
  RST: 0x04,
  PSH: 0x08,
  ACK: 0x10,
  URG: 0x20,
  ECE: 0x40,
  ECN: 0x40,
  CWR: 0x80,
};

/** Protocols of Wireshark's column that run without TCP, or mostly so. */
const NOT_TCP =
  /^(?:UDP|DNS|MDNS|LLMNR|NBNS|QUIC|NTP|DHCP(?:v6)?|BOOTP|SSDP|SNMP|ARP|RARP|ICMP(?:v6)?|IGMP(?:v\d)?|STP|RSTP|LLDP|CDP|LOOP|OSPF|VRRP|HSRP|ESP|ISAKMP|WireGuard|SCTP|RTP|RTCP|STUN|TFTP|Syslog|GRE|EIGRP|PIM(?:v2)?|CLASSIC-STUN|DTLS\S*|0x[0-9a-f]+|IPv[46]|IEEE\S*|802\S*|EAPOL|BROWSER)$/i;

export interface WiresharkInfo {
  sourcePort: string | null;
  destinationPort: string | null;
  tcp: ListedTcp | null;
  icmp: ListedIcmp | null;
}

const OTHER: WiresharkInfo = { sourcePort: null, destinationPort: null, tcp: null, icmp: null };

/** Reads Wireshark's columns `Protocol` and `Info`; null when a TCP line is cut. */
export function readWiresharkInfo(protocol: string, info: string): WiresharkInfo | null {
  const found = TCP.exec(info);
  if (found !== null) return readTcpLine(found);
  if (/^ICMP(?:v6)?$/.test(protocol)) return { ...OTHER, icmp: icmpOf(protocol, info) };
  if (NOT_TCP.test(protocol)) return OTHER;
  if (
    protocol === 'TCP' &&
    /^\S+\s*(?:→|->|>)\s*\S+(?:\s+\[.*)?$|Seq=?\d*$/.test(info) &&
    !/HTTP\//.test(info)
  )
    return null;
  // A line of the protocol inside: it says what was said, and neither ports nor numbers nor flags.
  const tcp = emptyTcp('wireshark');
  tcp.payload = applicationBytes(protocol, info);
  return { ...OTHER, tcp };
}

function readTcpLine([
  ,
  notes,
  source,
  destination,
  names,
  seq,
  rest,
]: RegExpExecArray): WiresharkInfo | null {
  const value = (name: string) => {
    const at = new RegExp(String.raw`\b${name}=(\d{1,10})\b`).exec(rest!);
    return at === null ? null : Number(at[1]);
  };
  let flags = 0;
  for (const name of names!.split(/,\s*/)) {
    if (/^<?none>?$/i.test(name)) continue;
    const bit = FLAGS[name.toUpperCase()];
    if (bit === undefined && !/^(?:AE|NS|Reserved)$/i.test(name)) return null;
    flags |= bit ?? 0;
  }
  const tcp = emptyTcp('wireshark');
  tcp.flags = flags;
  tcp.seq = Number(seq);
  tcp.ack = value('Ack');
  tcp.window = value('Win');
  tcp.scaled = true;
  tcp.length = value('Len');
  // Options stand behind Len: a line that has been cut before it does not show them.
  tcp.options = tcp.length === null ? null : readWiresharkOptions(rest!);
  tcp.portsReused = /Port numbers reused/i.test(notes!);
  const length = tcp.length ?? ((flags & (FLAGS.SYN! | FLAGS.FIN! | FLAGS.RST!)) !== 0 ? 0 : null);
  if (length === null || tcp.seq > 0xffff_ffff || ((flags & FLAGS.ACK!) !== 0 && tcp.ack === null))
    return null;
  tcp.length = length;
  return { sourcePort: source!, destinationPort: destination!, tcp, icmp: null };
}

/** The first bytes of records and messages that Wireshark names; what it does not name stays unknown. */
function applicationBytes(protocol: string, info: string): Uint8Array | null {
  if (/^(?:TLS|SSL)/.test(protocol)) return tlsRecord(info);
  if (/^HTTP2$/.test(protocol)) return /^Magic/.test(info) ? firstLine('PRI * HTTP/2.0', 24) : null;
  const message = /^(?:Client|Server): Protocol \((.+?)\)/.exec(info)?.[1] ?? info;
  // What Wireshark appends is no part of the message.
  const line = message
    .replace(/\s*\[TCP [^\]]*\].*$/, '')
    .replace(/\s+\([\w.+-]+\/[\w.+-]+\).*$/, '')
    .trimEnd();
  return firstLine(line, 0xffff);
}

/** Content type, version and the first byte of a TLS record (RFC 8446 §5.1); its length is not shown. */
function tlsRecord(info: string): Uint8Array | null {
  const alert = /^Alert \(Level: (Warning|Fatal), Description: ([^)]+)\)/i.exec(info);
  if (alert !== null) {
    const code = ALERTS[alert[2]!.toLowerCase()];
    return code === undefined ? null : Uint8Array.of(21, 3, 3, 0, 2, /fatal/i.test(alert[1]!) ? 2 : 1, code);
  }
  if (/^Encrypted Alert/.test(info)) return Uint8Array.of(21, 3, 3);
  if (/^Application Data/.test(info)) return Uint8Array.of(23, 3, 3);
  if (/^Change Cipher Spec/.test(info)) return Uint8Array.of(20, 3, 3);
  return null;
}

/** Alert descriptions as Wireshark spells them (RFC 8446 §6). */
const ALERTS: Readonly<Record<string, number>> = {
  'close notify': 0,
  'unexpected message': 10,
  'bad record mac': 20,
  'handshake failure': 40,
  'bad certificate': 42,
  'unsupported certificate': 43,
  'certificate revoked': 44,
  'certificate expired': 45,
  'certificate unknown': 46,
  'illegal parameter': 47,
  'unknown ca': 48,
  'access denied': 49,
  'decode error': 50,
  'decrypt error': 51,
  'protocol version': 70,
  'insufficient security': 71,
  'internal error': 80,
  'inappropriate fallback': 86,
  'user canceled': 90,
  'missing extension': 109,
  'unsupported extension': 110,
  'unrecognized name': 112,
  'certificate required': 116,
  'no application protocol': 120,
};

/** Type and code of the words in Wireshark's info column. */
function icmpOf(protocol: string, info: string): ListedIcmp | null {
  const make = (type: number, code: number): ListedIcmp => ({ type, code, mtu: 0, quoted: null, port: null });
  if (protocol === 'ICMPv6') {
    if (/Packet Too Big/i.test(info)) return make(2, 0);
    if (!/Destination Unreachable/i.test(info)) return null;
    return make(1, /Port/i.test(info) ? 4 : /prohibited/i.test(info) ? 1 : 0);
  }
  if (!/Destination unreachable/i.test(info)) return null;
  if (/Port unreachable/i.test(info)) return make(3, 3);
  if (/Fragmentation needed/i.test(info)) return make(3, 4);
  if (/administratively (?:filtered|prohibited)/i.test(info)) return make(3, /Host/.test(info) ? 10 : 13);
  return make(3, /Host/i.test(info) ? 1 : 0);
}
