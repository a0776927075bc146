import { describe, expect, it } from 'vitest';
import { pcap, pcapng } from '../testing/captures.ts';
import { collect } from '../testing/collect.ts';
import { concat, ethernetFrame, tcpIpPacket, u16, u32 } from '../testing/packets.ts';

const PAYLOAD = 'the payload';
const v4 = tcpIpPacket({ from: '10.0.0.1:40000', to: '10.0.0.2:80', seq: 7, payload: PAYLOAD });
const v6 = tcpIpPacket({ from: '[2001:db8::1]:40000', to: '[2001:db8::2]:80', seq: 7, payload: PAYLOAD });
const MAC = [2, 0, 0, 0, 0, 9];
const SNAP = [0xaa, 0xaa, 3, 0, 0, 0];

/** Frame control, duration, three addresses (the source in the one asked for), sequence control. */
function wifiHeader(control: number, flags: number, sourceAt: 1 | 2 | 3): Uint8Array {
  const address = (n: number) => (n === sourceAt ? MAC : [4, 4, 4, 4, 4, n]);
  return concat([control, flags, 0, 0], address(1), address(2), address(3), [0, 0]);
}

const sllV1 = concat(u16(0), u16(1), u16(6), MAC, [0, 0], u16(0x0800), v4);
const sllV2 = concat(u16(0x86dd), u16(0), u32(3), u16(1), [0, 6], MAC, [0, 0], v6);
const sllLoopback = concat(u16(0x0800), u16(0), u32(1), u16(772), [0, 6], [0, 0, 0, 0, 0, 0, 0, 0], v4);
const sllNoAddress = concat(u16(0), u16(512), u16(0), [0, 0, 0, 0, 0, 0, 0, 0], u16(0x0800), v4);
const vlan = (type: number, inner: Uint8Array) => concat(u16(100), u16(type), inner);
const label = (bottom: boolean) => [0, 1, bottom ? 0x01 : 0x00, 64];
const pppoe = concat([0x11, 0], u16(1), u16(v4.length + 2), u16(0x0021), v4);

/** Name, link type, frame, link-layer source (-1: none). */
const CASES: readonly (readonly [string, number, Uint8Array, number])[] = [
  ['Ethernet', 1, ethernetFrame(v4), 1],
  ['Ethernet with IPv6', 1, ethernetFrame(v6), 1],
  ['VLAN', 1, ethernetFrame(vlan(0x0800, v4), { type: 0x8100 }), 1],
  ['QinQ', 1, ethernetFrame(vlan(0x8100, vlan(0x86dd, v6)), { type: 0x88a8 }), 1],
  ['PPPoE', 1, ethernetFrame(pppoe, { type: 0x8864 }), 1],
  ['PPPoE in a VLAN', 1, ethernetFrame(vlan(0x8864, pppoe), { type: 0x8100 }), 1],
  ['MPLS, two labels', 1, ethernetFrame(concat(label(false), label(true), v4), { type: 0x8847 }), 1],
  ['MPLS with IPv6', 1, ethernetFrame(concat(label(true), v6), { type: 0x8848 }), 1],
  [
    'an Ethernet pseudowire over MPLS',
    1,
    ethernetFrame(concat(label(true), u32(0), ethernetFrame(v4)), { type: 0x8847 }),
    1,
  ],
  ['802.3 with LLC/SNAP', 1, ethernetFrame(concat(SNAP, u16(0x0800), v4), { type: v4.length + 8 }), 1],
  ['raw IP, IPv4', 101, v4, -1],
  ['raw IP, IPv6', 101, v6, -1],
  ['raw IP as BSD numbers it', 12, v4, -1],
  ['raw IP as OpenBSD numbers it', 14, v6, -1],
  ['IPv4 only', 228, v4, -1],
  ['IPv6 only', 229, v6, -1],
  ['cooked v1', 113, sllV1, 9],
  ['cooked v1 without an address', 113, sllNoAddress, -1],
  ['cooked v2', 276, sllV2, 9],
  ['cooked v2 on loopback', 276, sllLoopback, 0],
  ['BSD loopback, little-endian', 0, concat([2, 0, 0, 0], v4), -1],
  ['BSD loopback, big-endian', 0, concat([0, 0, 0, 30], v6), -1],
  ['OpenBSD loopback', 108, concat([0, 0, 0, 24], v6), -1],
  ['OpenBSD loopback, little-endian', 108, concat([2, 0, 0, 0], v4), -1],
  ['PPP', 9, concat(u16(0x0021), v4), -1],
  ['PPP in HDLC framing', 9, concat([0xff, 3], u16(0x0057), v6), -1],
  ['PPP with a compressed protocol field', 9, concat([0xff, 3, 0x21], v4), -1],
  ['PPP_HDLC', 50, concat([0xff, 3], u16(0x0021), v4), -1],
  ['Cisco HDLC under PPP_HDLC', 50, concat([0x0f, 0], u16(0x0800), v4), -1],
  ['Cisco HDLC', 104, concat([0x8f, 0], u16(0x86dd), v6), -1],
  ['PPPoE as a link type', 51, pppoe, -1],
  ['PPP with direction', 204, concat([1, 0xff, 3], u16(0x0021), v4), -1],
  ['802.11 to the access point', 105, concat(wifiHeader(0x08, 1, 2), SNAP, u16(0x0800), v4), 9],
  ['802.11 from the access point', 105, concat(wifiHeader(0x08, 2, 3), SNAP, u16(0x0800), v4), 9],
  ['802.11 between access points', 105, concat(wifiHeader(0x08, 3, 1), MAC, SNAP, u16(0x0800), v4), 9],
  ['802.11 with QoS', 105, concat(wifiHeader(0x88, 1, 2), [0, 0], SNAP, u16(0x86dd), v6), 9],
  [
    '802.11 with HT control',
    105,
    concat(wifiHeader(0x88, 0x81, 2), [0, 0, 0, 0, 0, 0], SNAP, u16(0x0800), v4),
    9,
  ],
  [
    'an 802.11 A-MSDU',
    105,
    concat(wifiHeader(0x88, 1, 2), [0x80, 0], MAC, MAC, u16(8 + v4.length), SNAP, u16(0x0800), v4),
    9,
  ],
  ['radiotap', 127, concat([0, 0, 8, 0, 0, 0, 0, 0], wifiHeader(0x08, 1, 2), SNAP, u16(0x0800), v4), 9],
  [
    'radiotap with padded header',
    127,
    concat(
      [0, 0, 18, 0, 3, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0],
      wifiHeader(0x88, 1, 2),
      [0, 0, 0, 0],
      SNAP,
      u16(0x0800),
      v4,
    ),
    9,
  ],
  [
    'AVS',
    163,
    concat(u32(0x80211001), u32(64), new Uint8Array(56), wifiHeader(0x08, 1, 2), SNAP, u16(0x0800), v4),
    9,
  ],
  [
    'Prism',
    119,
    concat([0x44, 0, 0, 0, 144, 0, 0, 0], new Uint8Array(136), wifiHeader(0x08, 1, 2), SNAP, u16(0x0800), v4),
    9,
  ],
  ['Token Ring', 6, concat([0x10, 0x40], MAC, MAC, SNAP, u16(0x0800), v4), 9],
  ['FDDI', 10, concat([0x50], MAC, MAC, SNAP, u16(0x0800), v4), 9],
  ['RFC 1483 over ATM', 100, concat(SNAP, u16(0x0800), v4), -1],
  ['SunATM', 123, concat([2, 0, 0, 42], SNAP, u16(0x0800), v4), -1],
  ['Frame Relay with NLPID', 107, concat([0x18, 0x41, 3, 0xcc], v4), -1],
  ['Frame Relay with SNAP', 107, concat([0x18, 0x41, 3, 0, 0x80, 0, 0, 0], u16(0x0800), v4), -1],
  ['Frame Relay of Cisco', 107, concat([0x18, 0x41], u16(0x0800), v4), -1],
  ['OpenBSD enc', 109, concat(new Uint8Array(12), v4), -1],
  ['pflog', 117, concat([61], new Uint8Array(63), v4), -1],
  ['pppd', 166, concat([1, 0xff, 3], u16(0x0021), v4), -1],
  ['PPI', 192, concat([0, 0, 8, 0, 105, 0, 0, 0], wifiHeader(0x08, 1, 2), SNAP, u16(0x0800), v4), 9],
  ['Cisco HDLC with direction', 205, concat([0, 0x8f, 0], u16(0x86dd), v6), -1],
  ['MPLS', 219, concat([0, 1, 1, 64], v4), -1],
  ['Solaris ipnet', 226, concat(new Uint8Array(24), v4), -1],
  ['netANALYZER', 240, concat(new Uint8Array(4), ethernetFrame(v4)), 1],
  ['802.3br', 274, concat(new Uint8Array(8), ethernetFrame(v4)), 1],
  ['802.1ah', 1, ethernetFrame(concat(u32(1), ethernetFrame(v4)), { type: 0x88e7 }), 1],
  ['FabricPath', 1, ethernetFrame(concat(u16(1), ethernetFrame(v4)), { type: 0x8903 }), 1],
  ['VN-Tag', 1, ethernetFrame(concat(u32(1), u16(0x0800), v4), { type: 0x8926 }), 1],
  ['Cisco metadata', 1, ethernetFrame(concat([1, 1, 0, 1, 0, 9], u16(0x0800), v4), { type: 0x8909 }), 1],
  ['HSR', 1, ethernetFrame(concat(u32(1), u16(0x0800), v4), { type: 0x892f }), 1],
  [
    'MACsec without encryption',
    1,
    ethernetFrame(concat([0x20, 0], u32(1), u32(0), u32(1), u16(0x0800), v4), { type: 0x88e5 }),
    1,
  ],
  ['netfilter log', 239, concat([2, 0, 0, 0, 8, 0, 1, 0, 8, 0, 1, 3], [v4.length + 4, 0, 9, 0], v4), -1],
  ['PKTAP', 258, concat([108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], new Uint8Array(96), ethernetFrame(v4)), 1],
];

describe('a TCP segment is found in', () => {
  it.each(CASES)('%s (link type %i)', (_, linkType, frame, mac) => {
    const { segments, info } = collect(pcap([frame], { linkType }));
    expect(info.warnings).toEqual([]);
    expect(segments).toHaveLength(1);
    const { sourcePort, destinationPort, seq, payload, macLow } = segments[0]!;
    expect({ sourcePort, destinationPort, seq }).toEqual({ sourcePort: 40_000, destinationPort: 80, seq: 7 });
    expect(new TextDecoder().decode(payload)).toBe(PAYLOAD);
    expect(macLow).toBe(mac);
  });

  it.each(CASES)('%s, whatever the frame is cut to, without a crash', (_, linkType, frame) => {
    const cuts = [...frame.keys()].map((length) => ({
      bytes: frame.slice(0, length),
      originalLength: frame.length,
    }));
    const { info } = collect(pcap(cuts, { linkType }));
    expect(info.packets).toBe(frame.length);
  });
});

it('an unknown link type is named once, and its packets are counted', () => {
  const { segments, info } = collect(pcap([v4, v4], { linkType: 147 }));
  expect(segments).toEqual([]);
  expect(info).toMatchObject({ packets: 2, tcpPackets: 0, linkTypes: ['LINKTYPE 147'] });
  expect(info.warnings).toMatchObject([{ code: 'unsupported-link-type', count: 1 }]);
  expect(info.warnings[0]!.message).toContain('147');
  expect(collect(pcapng([v4], { interfaces: [{ linkType: 147 }] })).info.warnings).toMatchObject([
    { code: 'unsupported-link-type', count: 1 },
  ]);
});

it('encrypted 802.11 is said, management frames are passed over', () => {
  const encrypted = concat(wifiHeader(0x08, 0x41, 2), SNAP, u16(0x0800), v4);
  const beacon = concat(wifiHeader(0x80, 0, 2), new Uint8Array(40));
  const { segments, info } = collect(pcap([encrypted, beacon, encrypted], { linkType: 105 }));
  expect(segments).toEqual([]);
  expect(info.warnings).toMatchObject([{ code: 'encrypted-wifi', count: 2 }]);
});
