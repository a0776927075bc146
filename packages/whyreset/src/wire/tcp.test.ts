import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureReader } from './capture-reader.ts';
import { checksumVerdict } from './checksum.ts';
import { describeSegment } from './describe.ts';
import type { Segment } from './segment.ts';
import { type TcpOptions, tcpOptions } from './tcp-options.ts';
import { type CapturedPacket, pcap } from './testing/captures.ts';
import { collect } from './testing/collect.ts';
import {
  ethernetFrame,
  ipv4Packet,
  type TcpFields,
  tcpIpPacket,
  tcpOption,
  tcpPacket,
} from './testing/packets.ts';

const ENDS = { from: '10.0.0.1:40000', to: '10.0.0.2:80' };

/** What `ask` says about each segment while its bytes are there. */
function ask<T>(packets: (Uint8Array | CapturedPacket)[], question: (segment: Segment) => T): T[] {
  const answers: T[] = [];
  const reader = new CaptureReader({ segment: (segment) => answers.push(question(segment)) });
  reader.push(pcap(packets));
  reader.end();
  return answers;
}

describe('a TCP header', () => {
  it('is read field by field', () => {
    const fields: TcpFields = {
      from: '192.0.2.1:65535',
      to: '198.51.100.7:1',
      flags: 'FSRP.UEW',
      seq: 0xffffffff,
      ack: 0x80000000,
      window: 0xfffe,
      ttl: 255,
      ipId: 0xbeef,
      dontFragment: false,
      trafficClass: 0xb9,
      payload: 'hello',
      options: tcpOption.timestamps(0xfffffffe, 0x80000001),
    };
    const [segment] = collect(pcap([tcpPacket(fields)])).segments;
    expect(segment).toMatchObject({
      number: 1,
      family: 4,
      source: [0xc0000201, 0, 0, 0],
      destination: [0xc6336407, 0, 0, 0],
      sourcePort: 65_535,
      destinationPort: 1,
      ttl: 255,
      ipId: 0xbeef,
      dontFragment: false,
      trafficClass: 0xb9,
      macHigh: 0x0200,
      macLow: 1,
      seq: 0xffffffff,
      ack: 0x80000000,
      flags: 0xff,
      window: 0xfffe,
      headerLength: 32,
      tsVal: 0xfffffffe,
      tsEcr: 0x80000001,
      payloadLength: 5,
      payloadCaptured: 5,
      payload: new TextEncoder().encode('hello'),
    });
  });

  it('gives timestamps in any layout, and -1 without', () => {
    const syn = [...tcpOption.mss(1460), ...tcpOption.sackPermitted(), 8, 10, 0, 0, 0, 7, 0, 0, 0, 9];
    const packets = [
      tcpPacket({ ...ENDS, flags: 'S', options: syn }),
      tcpPacket({ ...ENDS, options: [8, 10, 0, 0, 0, 5, 0, 0, 0, 6, 1, 1] }),
      tcpPacket({ ...ENDS }),
      tcpPacket({ ...ENDS, options: [8, 9, 0, 0, 0, 5, 0, 0, 0, 1, 1, 1] }),
    ];
    const { segments } = collect(pcap(packets));
    expect(segments.map(({ tsVal, tsEcr }) => [tsVal, tsEcr])).toEqual([
      [7, 9],
      [5, 6],
      [-1, -1],
      [-1, -1],
    ]);
  });

  it('counts the payload on the wire when the snap length cut it', () => {
    const whole = tcpPacket({ ...ENDS, payload: 'x'.repeat(1000), options: tcpOption.timestamps(1, 2) });
    const cut = { bytes: whole.slice(0, 70), originalLength: whole.length };
    const headersOnly = { bytes: whole.slice(0, 60), originalLength: whole.length };
    const { segments, info } = collect(pcap([cut, headersOnly]));
    expect(segments.map((s) => [s.payloadLength, s.payloadCaptured, s.tsVal])).toEqual([
      [1000, 4, 1],
      [1000, 0, -1],
    ]);
    expect(info.warnings).toEqual([]);
  });

  it('does not count Ethernet padding as payload', () => {
    const { segments } = collect(pcap([ethernetFrame(tcpIpPacket(ENDS), { pad: true })]));
    expect(segments[0]).toMatchObject({ payloadLength: 0, payloadCaptured: 0 });
  });

  it('takes the length from the frame when offload left the IP length 0', () => {
    const tcp = tcpIpPacket({ ...ENDS, payload: 'x'.repeat(300) }).slice(20);
    const packet = ethernetFrame(
      ipv4Packet({ from: '10.0.0.1', to: '10.0.0.2', protocol: 6, totalLength: 0 }, tcp),
    );
    const { segments } = collect(
      pcap([packet, { bytes: packet.slice(0, 100), originalLength: packet.length }]),
    );
    expect(segments.map((s) => [s.payloadLength, s.payloadCaptured])).toEqual([
      [300, 300],
      [300, 46],
    ]);
  });

  it('is skipped with a warning when its lengths make no sense', () => {
    const offset = tcpPacket(ENDS);
    offset[14 + 20 + 12] = 0x40;
    const long = tcpPacket(ENDS);
    long[14 + 20 + 12] = 0xf0;
    const { segments, info } = collect(pcap([offset, long, tcpPacket(ENDS).slice(0, 50), tcpPacket(ENDS)]));
    expect(segments.map((segment) => segment.number)).toEqual([4]);
    expect(info.warnings.map(({ code, count }) => [code, count])).toEqual([
      ['malformed-tcp', 2],
      ['short-tcp', 1],
    ]);
    expect(info.warnings[0]!.offset).toBe(24);
    expect(info).toMatchObject({ packets: 4, tcpPackets: 1 });
  });
});

describe('TCP options', () => {
  const options = (bytes: number[], cut?: number): TcpOptions => {
    const whole = tcpPacket({ ...ENDS, options: bytes });
    const packet = cut === undefined ? whole : { bytes: whole.slice(0, cut), originalLength: whole.length };
    return ask([packet], tcpOptions)[0]!;
  };

  it('are all read', () => {
    const all = [
      ...tcpOption.mss(1460),
      ...tcpOption.sackPermitted(),
      ...tcpOption.timestamps(1, 2),
      ...tcpOption.windowScale(7),
    ];
    expect(options(all)).toMatchObject({
      mss: 1460,
      sackPermitted: true,
      tsVal: 1,
      tsEcr: 2,
      windowScale: 7,
      kinds: [2, 4, 8, 3],
      malformed: false,
      truncated: false,
    });
    expect(options(tcpOption.sack([5, 9], [0xfffffff0, 4])).sack).toEqual([
      [5, 9],
      [0xfffffff0, 4],
    ]);
  });

  it('bring the reason of an MPTCP reset', () => {
    expect(options(tcpOption.mptcpReset(6, true))).toMatchObject({
      mptcp: 8,
      mptcpReset: { reason: 6, transient: true },
    });
  });

  it('are tolerated when malformed or cut', () => {
    expect(options([...tcpOption.mss(9000), 3, 0, 1, 1])).toMatchObject({ mss: 9000, malformed: true });
    expect(options([3, 60, 1, 1])).toMatchObject({ malformed: true });
    expect(options([...tcpOption.mss(9000), ...tcpOption.timestamps(1, 2)], 62)).toMatchObject({
      mss: 9000,
      tsVal: -1,
      malformed: false,
      truncated: true,
    });
  });
});

describe('the checksum verdict', () => {
  it('knows good, bad and what offload leaves, for any payload', () => {
    const kinds = ['good', 'bad', 'partial', 'zero'] as const;
    const verdicts = { good: 'good', bad: 'bad', partial: 'offloaded', zero: 'offloaded' };
    const ends = [ENDS, { from: '[2001:db8::1]:40000', to: '[fe80::2]:80' }];
    fc.assert(
      fc.property(
        fc
          .uint8Array({ minLength: 1, maxLength: 70_000, size: 'max' })
          .filter((bytes) => bytes.length < 65_000),
        fc.constantFrom(...kinds),
        fc.constantFrom(...ends),
        (payload, checksum, pair) => {
          const packet = tcpPacket({ ...pair, payload, checksum });
          expect(ask([packet], checksumVerdict)).toEqual([verdicts[checksum]]);
        },
      ),
      { numRuns: 40, examples: [[new Uint8Array(64_000).fill(255), 'good', ENDS]] },
    );
  });

  it('cannot judge a cut segment, but still sees offload', () => {
    const cut = (fields: Partial<TcpFields>) => {
      const bytes = tcpPacket({ ...ENDS, payload: 'some payload', ...fields });
      return { bytes: bytes.slice(0, 60), originalLength: bytes.length };
    };
    expect(ask([cut({}), cut({ checksum: 'partial' })], checksumVerdict)).toEqual([
      'unverifiable',
      'offloaded',
    ]);
  });

  it('skips a packet whose IPv4 header is broken, and accepts a zero header checksum', () => {
    const broken = tcpPacket(ENDS);
    broken[14 + 10]! ^= 1;
    const zero = tcpPacket({ ...ENDS, ipOptions: [1, 1, 1, 0] });
    zero.set([0, 0], 14 + 10);
    const { segments, info } = collect(
      pcap([broken, zero, tcpPacket({ ...ENDS, ipOptions: [7, 7, 4, 1, 2, 3, 4, 0] })]),
    );
    expect(segments.map((segment) => segment.number)).toEqual([2, 3]);
    expect(info.warnings).toMatchObject([{ code: 'bad-ip-checksum', count: 1, offset: 24 }]);
  });
});

it('a segment prints itself like tcpdump', () => {
  const packet = tcpPacket({
    ...ENDS,
    flags: 'S.',
    seq: 0xffffffff,
    ack: 5,
    payload: 'ab',
    options: [...tcpOption.mss(1460), ...tcpOption.windowScale(7)],
  });
  expect(ask([packet], describeSegment)).toEqual([
    '1 0.000000 10.0.0.1:40000 > 10.0.0.2:80: Flags [S.], seq 4294967295:1, ack 5, win 512, options [mss 1460,wscale 7], length 2',
  ]);
});
