/** What a number of a protocol registry stands for. */
export interface ProtocolName {
  name: string;
  /** Packets of it may hold IP packets, which then are not seen: worth a warning. */
  encapsulates?: true;
}

type Names = ReadonlyMap<number, ProtocolName>;

const plain = (name: string): ProtocolName => ({ name });
const encapsulation = (name: string): ProtocolName => ({ name, encapsulates: true });

/** IANA ieee-802-numbers and Wireshark's etypes.c: what is common in captures. */
const ETHER_TYPES: Names = new Map([
  [0x0806, plain('ARP')],
  [0x0842, plain('Wake-on-LAN')],
  [0x22f3, encapsulation('TRILL')],
  [0x6559, encapsulation('Frame Relay')],
  [0x6003, plain('DECnet')],
  [0x8035, plain('RARP')],
  [0x809b, plain('AppleTalk')],
  [0x80f3, plain('AppleTalk ARP')],
  [0x8137, plain('IPX')],
  [0x8808, plain('Ethernet flow control')],
  [0x8809, plain('LACP and other slow protocols')],
  [0x8847, encapsulation('MPLS')],
  [0x8848, encapsulation('MPLS')],
  [0x8863, plain('PPPoE discovery')],
  [0x8864, encapsulation('PPPoE')],
  [0x888e, plain('EAPOL')],
  [0x8892, plain('PROFINET')],
  [0x8899, plain('Realtek loop detection')],
  [0x88a2, plain('ATA over Ethernet')],
  [0x88a4, plain('EtherCAT')],
  [0x88b8, plain('GOOSE')],
  [0x88bf, plain('MikroTik RoMON')],
  [0x88cc, plain('LLDP')],
  [0x88e1, plain('HomePlug')],
  [0x88e5, encapsulation('MACsec')],
  [0x88e7, encapsulation('802.1ah')],
  [0x88f7, plain('PTP')],
  [0x8902, plain('CFM')],
  [0x8906, plain('FCoE')],
  [0x8914, plain('FCoE initialization')],
  [0x894f, encapsulation('NSH')],
  [0x9000, plain('Ethernet loopback')],
]);

/** IANA protocol-numbers. */
const IP_PROTOCOLS: Names = new Map([
  [1, plain('ICMP')],
  [2, plain('IGMP')],
  [33, plain('DCCP')],
  [46, plain('RSVP')],
  [47, encapsulation('GRE')],
  [50, encapsulation('ESP (IPsec, encrypted)')],
  [55, encapsulation('IP Mobility')],
  [58, plain('ICMPv6')],
  [59, plain('IPv6 without payload')],
  [88, plain('EIGRP')],
  [89, plain('OSPF')],
  [103, plain('PIM')],
  [108, encapsulation('IPComp')],
  [112, plain('VRRP')],
  [115, encapsulation('L2TPv3')],
  [132, plain('SCTP')],
  [136, plain('UDP-Lite')],
]);

/** IANA service names, where a port tells what a UDP packet is. Tunnels on ports of this list are read; what remains of them is control traffic or not what the port says. */
const UDP_PORTS: Names = new Map([
  [53, plain('DNS')],
  [67, plain('DHCP')],
  [68, plain('DHCP')],
  [69, plain('TFTP')],
  [123, plain('NTP')],
  [137, plain('NetBIOS names')],
  [138, plain('NetBIOS datagrams')],
  [161, plain('SNMP')],
  [162, plain('SNMP traps')],
  [443, plain('QUIC')],
  [500, plain('IKE')],
  [514, plain('syslog')],
  [546, plain('DHCPv6')],
  [547, plain('DHCPv6')],
  [1194, encapsulation('OpenVPN')],
  [1701, plain('L2TP')],
  [1812, plain('RADIUS')],
  [1813, plain('RADIUS accounting')],
  [1900, plain('SSDP')],
  [2123, plain('GTP-C')],
  [2152, plain('GTP-U')],
  [3478, plain('STUN')],
  [3544, plain('Teredo')],
  [4341, plain('LISP')],
  [4500, encapsulation('IPsec NAT traversal')],
  [4754, plain('GRE in UDP')],
  [4789, plain('VXLAN')],
  [4790, plain('VXLAN-GPE')],
  [5246, plain('CAPWAP control')],
  [5247, plain('CAPWAP')],
  [5353, plain('mDNS')],
  [5355, plain('LLMNR')],
  [6081, plain('Geneve')],
  [6635, plain('MPLS in UDP')],
  [8472, plain('VXLAN')],
  [37008, plain('TZSP')],
  [51820, encapsulation('WireGuard')],
]);

/** GRE protocol types that are no EtherTypes (Wireshark, packet-gre.h). */
const GRE_TYPES: Names = new Map([
  [0x0000, plain('keep-alive')],
  [0x2000, plain('Cisco CDP')],
  [0x2001, plain('NHRP')],
  [0x8881, encapsulation('CDMA2000 A10')],
  [0xb7ea, encapsulation('Huawei GRE bonding')],
  [0xfeae, encapsulation('Aerohive')],
]);

/** IANA ppp-numbers; from 0x8000 on they control the link and carry nothing. */
const PPP_PROTOCOLS: Names = new Map([
  [0x003d, encapsulation('PPP multilink')],
  [0x0053, encapsulation('encrypted PPP')],
  [0x00fd, encapsulation('compressed PPP')],
]);

/** Registries that a number may be of. */
export type Registry =
  | 'EtherType'
  | 'IP protocol'
  | 'UDP port'
  | 'GRE type'
  | 'PPP protocol'
  | 'link type'
  | 'LLC'
  | '802.11';

const REGISTRIES: Partial<Record<Registry, Names>> = {
  EtherType: ETHER_TYPES,
  'IP protocol': IP_PROTOCOLS,
  'UDP port': UDP_PORTS,
  'GRE type': GRE_TYPES,
  'PPP protocol': PPP_PROTOCOLS,
};

/** The entry of a number; undefined when it has none here. */
export function protocolName(registry: Registry, number: number): ProtocolName | undefined {
  if (registry === 'PPP protocol' && number >= 0x8000) return { name: 'PPP control' };
  return REGISTRIES[registry]?.get(number);
}
