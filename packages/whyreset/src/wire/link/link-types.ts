import type { PacketDecoder } from '../packet-decoder.ts';
import { linuxCooked, linuxCooked2, loopback, nflog, pktap, rawIp } from './cooked.ts';
import { ethernet, mpls } from './ethernet.ts';
import { ciscoHdlc, hdlcWithDirection, ppp, pppHdlc, pppoe, pppWithDirection } from './ppp.ts';
import { avs, prism, radiotap, wifi } from './wifi.ts';
import {
  atm,
  enc,
  fddi,
  frameRelay,
  ipNet,
  mPacket,
  netAnalyzer,
  pflog,
  ppi,
  sunAtm,
  tokenRing,
} from './wrapped.ts';

/** Decodes one frame that starts at `at`; see `PacketDecoder` for the arguments. */
export type LinkLayer = (
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
) => void;

export interface LinkType {
  name: string;
  decode: LinkLayer;
}

/** The link types that are read, by LINKTYPE number (tcpdump.org/linktypes.html). */
const LINK_TYPES = new Map<number, LinkType>([
  [0, { name: 'NULL', decode: loopback }],
  [1, { name: 'ETHERNET', decode: ethernet }],
  [6, { name: 'IEEE802_5', decode: tokenRing }],
  [9, { name: 'PPP', decode: ppp }],
  [10, { name: 'FDDI', decode: fddi }],
  [12, { name: 'RAW', decode: rawIp }],
  [14, { name: 'RAW', decode: rawIp }],
  [50, { name: 'PPP_HDLC', decode: pppHdlc }],
  [51, { name: 'PPP_ETHER', decode: pppoe }],
  [100, { name: 'ATM_RFC1483', decode: atm }],
  [101, { name: 'RAW', decode: rawIp }],
  [104, { name: 'C_HDLC', decode: ciscoHdlc }],
  [105, { name: 'IEEE802_11', decode: wifi }],
  [107, { name: 'FRELAY', decode: frameRelay }],
  [108, { name: 'LOOP', decode: loopback }],
  [109, { name: 'ENC', decode: enc }],
  [113, { name: 'LINUX_SLL', decode: linuxCooked }],
  [117, { name: 'PFLOG', decode: pflog }],
  [119, { name: 'IEEE802_11_PRISM', decode: prism }],
  [123, { name: 'SUNATM', decode: sunAtm }],
  [127, { name: 'IEEE802_11_RADIOTAP', decode: radiotap }],
  [163, { name: 'IEEE802_11_AVS', decode: avs }],
  [166, { name: 'PPP_PPPD', decode: pppWithDirection }],
  [192, { name: 'PPI', decode: ppi }],
  [204, { name: 'PPP_WITH_DIR', decode: pppWithDirection }],
  [205, { name: 'C_HDLC_WITH_DIR', decode: hdlcWithDirection }],
  [219, { name: 'MPLS', decode: mpls }],
  [226, { name: 'IPNET', decode: ipNet }],
  [228, { name: 'IPV4', decode: rawIp }],
  [229, { name: 'IPV6', decode: rawIp }],
  [239, { name: 'NFLOG', decode: nflog }],
  [240, { name: 'NETANALYZER', decode: netAnalyzer }],
  [258, { name: 'PKTAP', decode: pktap }],
  [274, { name: 'ETHERNET_MPACKET', decode: mPacket }],
  [276, { name: 'LINUX_SLL2', decode: linuxCooked2 }],
]);

/** The link type with this number, or undefined when it is not read. */
export function linkType(number: number): LinkType | undefined {
  return LINK_TYPES.get(number);
}

/** A link type that is not read: its packets are counted, nothing more. */
export function unreadable(number: number): LinkLayer {
  return (decoder) => decoder.other('link type', number);
}
