import { describe, expect, it } from 'vitest';
import { pcap } from '../testing/captures.ts';
import { collect } from '../testing/collect.ts';
import {
  concat,
  ethernetFrame,
  ipv4Packet,
  ipv6Packet,
  tcpIpPacket,
  tcpPacket,
  tcpSegment,
  u16,
  u32,
} from '../testing/packets.ts';

const ENDS = { from: '10.0.0.1:40000', to: '10.0.0.2:80' };
const ENDS6 = { from: '[2001:db8::1]:40000', to: '[2001:db8::2]:80' };
const inner4 = tcpIpPacket({ ...ENDS, ttl: 33, payload: 'inside' });
const inner6 = tcpIpPacket({ ...ENDS6, ttl: 33, payload: 'inside' });

/** An outer IPv4 packet, in Ethernet. */
const outer = (protocol: number, payload: Uint8Array) =>
  ethernetFrame(ipv4Packet({ from: '203.0.113.1', to: '203.0.113.2', protocol, ttl: 200 }, payload));
const outer6 = (next: number, payload: Uint8Array) =>
  ethernetFrame(ipv6Packet({ from: '2001:db8:f::1', to: '2001:db8:f::2', next }, payload));
const udp = (port: number, payload: Uint8Array) =>
  concat(u16(5555), u16(port), u16(8 + payload.length), u16(0), payload);
const innerFrame = ethernetFrame(inner4, { from: '06:00:00:00:00:07' });
const vxlan = concat([8, 0, 0, 0], [0, 0, 42, 0], innerFrame);
/** Base header of two words and four of metadata type 1 (RFC 8300 §2.2), before `next`. */
const nsh = (next: number) => concat([0, 6, 1, next], new Uint8Array(20));
const wifiData = concat([0x08, 1], new Uint8Array(22), [0xaa, 0xaa, 3, 0, 0, 0]);

describe('the innermost TCP segment is found in', () => {
  it.each([
    ['IPIP', outer(4, inner4), 4],
    ['6in4', outer(41, inner6), 6],
    ['4in6', outer6(4, inner4), 4],
    ['IPv6 in IPv6', outer6(41, inner6), 6],
    ['GRE', outer(47, concat(u16(0), u16(0x0800), inner4)), 4],
    [
      'GRE with checksum, key and sequence',
      outer(47, concat(u16(0xb000), u16(0x86dd), u32(0), u32(9), u32(1), inner6)),
      6,
    ],
    ['NVGRE', outer(47, concat(u16(0x2000), u16(0x6558), u32(0x4200), innerFrame)), 4],
    [
      'ERSPAN II',
      outer(47, concat(u16(0x1000), u16(0x88be), u32(1), u32(0x10000000), u32(0), innerFrame)),
      4,
    ],
    [
      'ERSPAN III',
      outer(
        47,
        concat(u16(0x1000), u16(0x22eb), u32(1), u32(0x20000000), u32(0), u32(1), u32(0), u32(0), innerFrame),
      ),
      4,
    ],
    ['VXLAN', outer(17, udp(4789, vxlan)), 4],
    ['VXLAN on the old Linux port', outer(17, udp(8472, vxlan)), 4],
    ['VXLAN over IPv6', outer6(17, udp(4789, vxlan)), 4],
    ['Geneve', outer(17, udp(6081, concat([1, 0], u16(0x6558), u32(0x4200), u32(0), innerFrame))), 4],
    ['Geneve with bare IP', outer(17, udp(6081, concat([0, 0], u16(0x86dd), u32(0), inner6))), 6],
    ['MPLS in IP', outer(137, concat([0, 1, 1, 64], inner4)), 4],
    ['IP in IP of KA9Q', outer(94, inner4), 4],
    ['an authentication header', outer(51, concat([4, 4, 0, 0], new Uint8Array(20), inner4)), 4],
    ['EtherIP', outer(97, concat([0x30, 0], innerFrame)), 4],
    ['VXLAN-GPE with bare IP', outer(17, udp(4790, concat([0x0c, 0, 0, 1, 0, 0, 42, 0], inner4))), 4],
    ['VXLAN-GPE with NSH', outer(17, udp(4790, concat([0x0c, 0, 0, 4, 0, 0, 42, 0], nsh(1), inner4))), 4],
    ['GTP-U', outer(17, udp(2152, concat([0x30, 255], u16(inner4.length), u32(7), inner4))), 4],
    [
      'GTP-U with a sequence number and an extension header',
      outer(
        17,
        udp(
          2152,
          concat([0x36, 255], u16(8 + inner6.length), u32(7), [0, 1, 0, 0x85], [1, 0x10, 5, 0], inner6),
        ),
      ),
      6,
    ],
    ['MPLS in UDP', outer(17, udp(6635, concat([0, 1, 1, 64], inner4))), 4],
    ['GRE in UDP', outer(17, udp(4754, concat(u16(0), u16(0x0800), inner4))), 4],
    ['Teredo', outer(17, udp(3544, inner6)), 6],
    ['Teredo with an origin', outer(17, udp(3544, concat(u16(0), new Uint8Array(6), inner6))), 6],
    ['LISP', outer(17, udp(4341, concat(new Uint8Array(8), inner4))), 4],
    [
      'L2TP',
      outer(17, udp(1701, concat(u16(0x4002), u16(12 + inner4.length), u32(1), [0xff, 3, 0, 0x21], inner4))),
      4,
    ],
    ['TZSP', outer(17, udp(37_008, concat([1, 0, 0, 1], [0, 10, 1, 200, 1], innerFrame))), 4],
    ['CAPWAP', outer(17, udp(5247, concat([0, 0x10, 0, 0, 0, 0, 0, 0], innerFrame))), 4],
    ['PPTP', outer(47, concat(u16(0x3001), u16(0x880b), u32(0), u32(1), [0xff, 3, 0, 0x21], inner4)), 4],
    [
      'PPTP with an acknowledgement',
      outer(47, concat(u16(0x3081), u16(0x880b), u32(0), u32(1), u32(1), [0x21], inner4)),
      4,
    ],
    ['WCCP version 2', outer(47, concat(u16(0), u16(0x883e), u32(0), inner4)), 4],
    ['WCCP version 1', outer(47, concat(u16(0), u16(0x883e), inner4)), 4],
    ['Ethernet over IP of MikroTik', outer(47, concat(u16(0x2001), u16(0x6400), u32(0), innerFrame)), 4],
    ['Aruba with an 802.11 frame', outer(47, concat(u16(0), u16(0x8200), wifiData, u16(0x0800), inner4)), 4],
    ['Aruba with an Ethernet frame', outer(47, concat(u16(0), u16(0x9000), innerFrame)), 4],
    [
      'VXLAN inside GRE inside IPIP',
      outer(
        4,
        ipv4Packet(
          { from: '1.1.1.1', to: '2.2.2.2', protocol: 47 },
          concat(
            u16(0),
            u16(0x0800),
            ipv4Packet({ from: '3.3.3.3', to: '4.4.4.4', protocol: 17 }, udp(4789, vxlan)),
          ),
        ),
      ),
      4,
    ],
  ])('%s', (_, frame, family) => {
    const { segments, info } = collect(pcap([frame]));
    expect(info.warnings).toEqual([]);
    expect(segments).toMatchObject([{ family, ttl: 33, sourcePort: 40_000, payloadLength: 6 }]);
    expect(segments[0]!.source[0]).toBe(family === 4 ? 0x0a000001 : 0x20010db8);
  });

  it('tunnels that go too deep are left with a warning', () => {
    let packet = inner4;
    for (let i = 0; i < 20; i++) packet = ipv4Packet({ from: '1.1.1.1', to: '2.2.2.2', protocol: 4 }, packet);
    const { segments, info } = collect(pcap([ethernetFrame(packet), tcpPacket(ENDS)]));
    expect(segments.map((segment) => segment.number)).toEqual([2]);
    expect(info.warnings).toMatchObject([{ code: 'nesting-too-deep', count: 1 }]);
  });

  it('UDP that merely uses a tunnel’s port is counted as what it is', () => {
    const { info } = collect(pcap([outer(17, udp(4789, new Uint8Array(40))), outer(17, udp(53, inner4))]));
    expect(info).toMatchObject({
      tcpPackets: 0,
      warnings: [],
      other: [
        { what: 'UDP port 4789 (VXLAN)', packets: 1 },
        { what: 'UDP port 53 (DNS)', packets: 1 },
      ],
    });
  });

  it('what cannot be read is named and counted', () => {
    const { info } = collect(
      pcap([
        outer(50, inner4),
        outer(50, inner4),
        outer(200, inner4),
        outer(47, concat(u16(0), u16(0xfeae), inner4)),
        outer(17, udp(50_123, inner4)),
        ethernetFrame(inner4, { type: 0x1234 }),
        ethernetFrame(inner4, { type: 0x0806 }),
      ]),
    );
    expect(info.other).toEqual([
      { what: 'ESP (IPsec, encrypted)', packets: 2 },
      { what: 'IP protocol 200', packets: 1 },
      { what: 'GRE (Aerohive)', packets: 1 },
      { what: 'UDP port 5555', packets: 1 },
      { what: 'EtherType 0x1234', packets: 1 },
      { what: 'ARP', packets: 1 },
    ]);
    expect(info.warnings).toMatchObject([
      {
        code: 'unread-encapsulation',
        message: 'Packets inside ESP (IPsec, encrypted) are not read.',
        count: 2,
      },
      { code: 'unknown-protocol', message: 'Packets of IP protocol 200 are not read.', count: 1 },
      { code: 'unread-encapsulation', message: 'Packets inside GRE (Aerohive) are not read.', count: 1 },
      { code: 'unknown-protocol', message: 'Packets of EtherType 0x1234 are not read.', count: 1 },
    ]);
  });

  it('a file of nothing but different protocols is listed within bounds', () => {
    const frames = Array.from({ length: 500 }, (_, i) =>
      outer(17, concat(u16(20_000 + i), u16(30_000 + i), u32(0), inner4)),
    );
    const { other } = collect(pcap(frames)).info;
    expect(other.length).toBeLessThanOrEqual(64);
    expect(other.reduce((sum, { packets }) => sum + packets, 0)).toBe(500);
    expect(other.at(-1)).toMatchObject({ what: 'other protocols' });
  });
});

it('IPv6 extension headers are walked', () => {
  const header = (bytes: number) =>
    new Uint8Array(bytes).fill(0, 2).map((_, i) => (i === 1 ? bytes / 8 - 1 : 0));
  const authentication = Uint8Array.from([0, 4, ...Array(22).fill(0)]);
  const packet = tcpPacket({
    ...ENDS6,
    payload: 'x',
    trafficClass: 0x2e,
    extensions: [
      [0, header(8)],
      [43, header(24)],
      [44, new Uint8Array(8)],
      [60, header(16)],
      [51, authentication],
    ],
  });
  const { segments, info } = collect(pcap([packet]));
  expect(info.warnings).toEqual([]);
  expect(segments).toMatchObject([{ family: 6, ipId: -1, trafficClass: 0x2e, payloadLength: 1 }]);
});

describe('IP fragments', () => {
  const payload = Uint8Array.from({ length: 3000 }, (_, i) => i % 251);
  const segment = tcpSegment({ ...ENDS, payload });
  const piece = (from: number, to: number, id = 7) =>
    ethernetFrame(
      ipv4Packet(
        {
          from: '10.0.0.1',
          to: '10.0.0.2',
          protocol: 6,
          id,
          offset: from,
          moreFragments: to < segment.length,
        },
        segment.slice(from, to),
      ),
    );
  const end = segment.length;
  const piece6 = (from: number, to: number) =>
    ethernetFrame(
      ipv6Packet(
        { from: '2001:db8::1', to: '2001:db8::2', next: 44 },
        concat(
          [6, 0],
          u16(from | (to < end ? 1 : 0)),
          u32(99),
          tcpSegment({ ...ENDS6, payload }).slice(from, to),
        ),
      ),
    );

  it.each([
    ['in order', [piece(0, 1480), piece(1480, 2960), piece(2960, end)]],
    ['in reverse', [piece(2960, end), piece(1480, 2960), piece(0, 1480)]],
    ['overlapping and repeated', [piece(0, 1480), piece(0, 1480), piece(800, 2960), piece(2960, end)]],
    ['cut inside the TCP header', [piece(0, 8), piece(8, 2960), piece(2960, end)]],
    ['of IPv6', [piece6(0, 1480), piece6(1480, 2960), piece6(2960, end)]],
  ])('%s become the whole segment, with the last piece’s number', (_, packets) => {
    const { segments, info } = collect(pcap([...packets, tcpPacket({ ...ENDS, payload: 'next' })]));
    expect(info.warnings).toEqual([]);
    expect(segments.map((seen) => seen.number)).toEqual([packets.length, packets.length + 1]);
    expect(segments[0]!.payload).toEqual(payload);
    expect(new TextDecoder().decode(segments[1]!.payload)).toBe('next');
  });

  it('keep the right length when the snap length cut them', () => {
    const cut = (bytes: Uint8Array) => ({ bytes: bytes.slice(0, 96), originalLength: bytes.length });
    const { segments } = collect(pcap([cut(piece(0, 1480)), cut(piece(1480, end))]));
    expect(segments).toMatchObject([{ payloadLength: 3000, payloadCaptured: 96 - 14 - 20 - 20 }]);
  });

  it('that never become whole are said, when the file ends or their time is over', () => {
    const early = { bytes: piece(0, 1480), seconds: 1000 };
    const late = { bytes: piece(1480, end), seconds: 1031 };
    const { segments, info } = collect(pcap([early, late]));
    expect(segments).toEqual([]);
    expect(info.warnings).toMatchObject([{ code: 'fragments-incomplete', count: 2 }]);
  });

  it('take a bounded amount of memory', () => {
    const many = Array.from({ length: 300 }, (_, id) => piece(0, 1480, id));
    const { segments, info } = collect(pcap([...many, piece(1480, end, 299), piece(1480, end, 0)]), {
      maxFragmentBytes: 20_000,
    });
    expect(segments.map((seen) => seen.ipId)).toEqual([299]);
    expect(info.warnings[0]).toMatchObject({ code: 'fragments-incomplete', count: 300 });
  });

  it('that reach beyond 64 KiB are refused', () => {
    const { info } = collect(
      pcap([
        ethernetFrame(ipv4Packet({ from: '1.1.1.1', to: '2.2.2.2', protocol: 6, offset: 65_528 }, segment)),
      ]),
    );
    expect(info.warnings).toMatchObject([{ code: 'malformed-fragment' }]);
  });
});

describe('ICMP errors that quote TCP', () => {
  const quoted = tcpIpPacket({ ...ENDS, seq: 0xfeedbeef }).slice(0, 28);
  const quoted6 = tcpIpPacket({ ...ENDS6, seq: 0xfeedbeef }).slice(0, 60);

  it('are handed on with who said it', () => {
    const needsFragmentation = concat([3, 4, 0, 0], u16(0), u16(1400), quoted);
    const prohibited = concat([3, 13, 0, 0], u32(0), quoted);
    const { quotes, segments } = collect(pcap([outer(1, needsFragmentation), outer(1, prohibited)]));
    expect(segments).toEqual([]);
    expect(quotes).toMatchObject([
      {
        number: 1,
        family: 4,
        reporter: [0xcb007101, 0, 0, 0],
        type: 3,
        code: 4,
        mtu: 1400,
        source: [0x0a000001, 0, 0, 0],
        destination: [0x0a000002, 0, 0, 0],
        sourcePort: 40_000,
        destinationPort: 80,
        seq: 0xfeedbeef,
      },
      { number: 2, code: 13, mtu: 0 },
    ]);
  });

  it('are handed on for IPv6', () => {
    const tooBig = concat([2, 0, 0, 0], u32(1280), quoted6);
    const { quotes } = collect(pcap([outer6(58, tooBig), outer6(58, concat([1, 1, 0, 0], u32(0), quoted6))]));
    expect(quotes).toMatchObject([
      { family: 6, type: 2, mtu: 1280, sourcePort: 40_000, seq: 0xfeedbeef, source: [0x20010db8, 0, 0, 1] },
      { type: 1, code: 1, mtu: 0 },
    ]);
  });

  it('other ICMP, and quotes of other protocols, are passed over', () => {
    const echo = concat([8, 0, 0, 0], u32(0), quoted);
    const udpQuote = concat(
      [3, 3, 0, 0],
      u32(0),
      ipv4Packet({ from: '1.1.1.1', to: '2.2.2.2', protocol: 17 }, udp(53, quoted)),
    );
    const { quotes, info } = collect(
      pcap([outer(1, echo), outer(1, udpQuote), outer(1, concat([3, 1, 0, 0], u32(0)))]),
    );
    expect(quotes).toEqual([]);
    expect(info.warnings).toEqual([]);
  });
});
