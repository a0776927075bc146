import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureReader, NotACaptureError } from './capture-reader.ts';
import {
  type CapturedPacket,
  type PcapOptions,
  pcap,
  pcapng,
  pcapngBlock,
  TEST_EPOCH,
} from './testing/captures.ts';
import { collect } from './testing/collect.ts';
import { concat, tcpOption, tcpPacket, u32 } from './testing/packets.ts';

const packet = (seq: number, payload = '') =>
  tcpPacket({
    from: '10.0.0.1:40000',
    to: '10.0.0.2:80',
    seq,
    payload,
    options: tcpOption.timestamps(seq, 1),
  });
const packets: CapturedPacket[] = [
  { bytes: packet(1), seconds: 1_700_000_000, nanoseconds: 999_999_000 },
  { bytes: packet(2, 'some payload'), seconds: 1_700_000_001, nanoseconds: 1_000 },
  { bytes: packet(3, 'x'.repeat(700)), seconds: 1_700_086_400, nanoseconds: 123_456_000 },
];
const TIMES = [0.999999, 1.000001, 86_400.123456];
const numbered = (count: number) =>
  Array.from({ length: count }, (_, i) => packet(i + 1, 'y'.repeat((i * 37) % 500)));
const seqs = (input: Uint8Array) => collect(input).segments.map((segment) => segment.seq);
/** Reads in order: 1, 2, …, n. */
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('pcap', () => {
  const variants: [string, PcapOptions, string][] = [
    ['little-endian microseconds', {}, 'pcap'],
    ['big-endian microseconds', { bigEndian: true }, 'pcap'],
    ['little-endian nanoseconds', { nano: true }, 'pcap-ns'],
    ['big-endian nanoseconds', { nano: true, bigEndian: true }, 'pcap-ns'],
    ['modified, little-endian', { modified: true }, 'pcap-modified'],
    ['modified, big-endian', { modified: true, bigEndian: true }, 'pcap-modified'],
  ];
  it.each(variants)('%s', (_, options, format) => {
    const input = pcap(packets, options);
    const { segments, info } = collect(input);
    expect(segments.map((segment) => [segment.number, segment.seq, segment.time])).toEqual(
      TIMES.map((time, i) => [i + 1, i + 1, time]),
    );
    expect(info).toEqual({
      format,
      epochSeconds: TEST_EPOCH,
      packets: 3,
      tcpPackets: 3,
      other: [],
      bytes: input.length,
      snapLength: 0,
      linkTypes: ['ETHERNET'],
      interfaces: [],
      warnings: [],
    });
  });

  it('keeps single nanoseconds apart', () => {
    const close = [500_000_001, 500_000_002].map((nanoseconds) => ({
      bytes: packet(1),
      seconds: 9,
      nanoseconds,
    }));
    const [first, second] = collect(pcap(close, { nano: true })).segments;
    expect(Math.round((second!.time - first!.time) * 1e9)).toBe(1);
  });

  it('reports a snap length that limits', () => {
    expect(collect(pcap([], { snapLength: 96 })).info.snapLength).toBe(96);
  });
});

describe('pcapng', () => {
  it.each([
    ['little-endian', {}],
    ['big-endian', { bigEndian: true }],
    ['obsolete packet blocks', { block: 'obsolete' }],
    ['obsolete packet blocks, big-endian', { block: 'obsolete', bigEndian: true }],
    ['nanoseconds', { interfaces: [{ resolution: 9 }] }],
    ['milliseconds with an offset', { interfaces: [{ resolution: 6, offset: 1_600_000_000n }] }],
    ['a negative offset, big-endian', { interfaces: [{ resolution: 9, offset: -3600n }], bigEndian: true }],
  ] as const)('%s', (_, options) => {
    const { segments, info } = collect(pcapng(packets, options));
    expect(segments.map((segment) => segment.time)).toEqual(TIMES);
    expect(info).toMatchObject({ format: 'pcapng', epochSeconds: TEST_EPOCH, packets: 3, warnings: [] });
  });

  it('binary resolution, as fine as 2^-32 s', () => {
    const { segments } = collect(pcapng(packets, { interfaces: [{ resolution: 0x80 | 32 }] }));
    for (const [i, time] of TIMES.entries()) expect(segments[i]!.time).toBeCloseTo(time, 8);
  });

  it('simple packet blocks have no time, and obey the snap length', () => {
    const { segments, info } = collect(
      pcapng([packet(1, 'z'.repeat(99))], { block: 'simple', interfaces: [{ snapLength: 96 }] }),
    );
    expect(segments).toMatchObject([{ seq: 1, time: 0, payloadLength: 99, payloadCaptured: 96 - 66 }]);
    expect(info).toMatchObject({
      epochSeconds: 0,
      snapLength: 96,
      warnings: [{ code: 'no-time', count: 1 }],
    });
  });

  it('several interfaces and sections, in different byte orders', () => {
    const raw = { bytes: packet(5).slice(14), interfaceId: 1, seconds: TEST_EPOCH };
    const first = pcapng([{ bytes: packet(4), seconds: TEST_EPOCH }, raw], {
      interfaces: [{ name: 'eth0' }, { name: 'tun\u001b0', linkType: 101, resolution: 9, snapLength: 128 }],
    });
    const second = pcapng([{ bytes: packet(6), seconds: TEST_EPOCH + 2 }], {
      bigEndian: true,
      interfaces: [{ name: 'eth0' }],
    });
    const { segments, info } = collect(concat(first, second));
    expect(segments.map(({ number, seq, time }) => [number, seq, time])).toEqual([
      [1, 4, 0],
      [2, 5, 0],
      [3, 6, 2],
    ]);
    expect(info).toMatchObject({
      interfaces: ['eth0', 'tun\\x1b0'],
      linkTypes: ['ETHERNET', 'RAW'],
      snapLength: 128,
      warnings: [],
    });
  });

  it('passes over every other block', () => {
    const others = [4, 5, 10, 0xbad, 0x40000bad, 0x7fffffff].map((type) =>
      pcapngBlock(type, new Uint8Array(33)),
    );
    const head = pcapng([]);
    const body = pcapng([packet(1)]).slice(head.length);
    const { segments, info } = collect(concat(head, ...others, body, ...others));
    expect(segments).toHaveLength(1);
    expect(info.warnings).toEqual([]);
  });

  it('skips a large block of no interest without holding it', () => {
    const large = pcapngBlock(0xbad, new Uint8Array(3_000_000));
    const head = pcapng([]);
    const body = pcapng([packet(1)]).slice(head.length);
    const { segments, info } = collect(concat(head, large, body), {}, [1000]);
    expect(segments).toHaveLength(1);
    expect(info.warnings).toEqual([]);
  });

  it('says which packets name no interface, or claim more bytes than their block', () => {
    const stray = pcapng([{ bytes: packet(1), interfaceId: 7 }, packet(2)]);
    const { segments, info } = collect(stray);
    expect(segments.map(({ number, seq }) => [number, seq])).toEqual([[2, 2]]);
    expect(info.warnings).toMatchObject([{ code: 'garbled-record', count: 1 }]);
  });

  it('replaces a time that no calendar has', () => {
    const input = pcapng([{ bytes: packet(1), seconds: TEST_EPOCH }, packet(2)]);
    const second = input.length - pcapng([packet(2)]).length + pcapng([]).length;
    input.fill(0xff, second + 12, second + 20);
    const { segments, info } = collect(input);
    expect(segments.map((segment) => segment.time)).toEqual([0, 0]);
    expect(info.warnings).toMatchObject([{ code: 'garbled-time' }]);
  });
});

describe('a damaged file', () => {
  const good = pcap(numbered(60));

  it('cut anywhere gives what came before, and says where it ends', () => {
    for (let length = 24; length < 3000; length += 7) {
      const { segments, info } = collect(good.slice(0, length));
      expect(segments.map((segment) => segment.seq)).toEqual(upTo(segments.length));
      const whole = info.warnings.length === 0;
      expect(whole || info.warnings[0]!.code === 'truncated').toBe(true);
      if (!whole) expect(info.warnings[0]!.offset).toBeLessThan(length);
    }
  });

  it('with a garbled record length goes on at the next record', () => {
    const garbled = good.slice();
    const third = pcap(numbered(2)).length;
    garbled.set([0xff, 0xff, 0xff, 0x7f], third + 8);
    const { segments, info } = collect(garbled);
    expect(segments.map((segment) => segment.seq)).toEqual([1, 2, ...upTo(60).slice(3)]);
    expect(info.warnings).toMatchObject([{ code: 'garbled-record', count: 1, offset: third }]);
  });

  it('with a hole of zeros, or bytes lost, goes on after it', () => {
    const third = pcap(numbered(2)).length;
    const tenth = pcap(numbered(9)).length;
    const holes = concat(good.slice(0, third), new Uint8Array(5001), good.slice(tenth));
    expect(seqs(holes)).toEqual([1, 2, ...upTo(60).slice(9)]);
    const lost = concat(good.slice(0, third + 5), good.slice(tenth));
    expect(seqs(lost).slice(-45)).toEqual(upTo(60).slice(-45));
  });

  it('in big-endian or pcapng form too', () => {
    for (const make of [
      (n: number) => pcap(numbered(n), { bigEndian: true, modified: true }),
      (n: number) => pcapng(numbered(n)),
      (n: number) => pcapng(numbered(n), { bigEndian: true }),
    ]) {
      const garbled = make(60);
      garbled.set(u32(0x0fff_fff1), make(2).length + (garbled[0] === 0x0a ? 4 : 8));
      const { segments, info } = collect(garbled);
      expect(segments.map((segment) => segment.seq)).toEqual([1, 2, ...upTo(60).slice(3)]);
      expect(info.warnings).toMatchObject([{ code: 'garbled-record', offset: make(2).length }]);
    }
  });

  it('that makes no sense any more is left at the bound', () => {
    const noise = Uint8Array.from({ length: 50_000 }, (_, i) => (i * 7919 + (i >> 8)) & 0xff);
    const { segments, info } = collect(concat(pcap(numbered(2)), noise, good.slice(24)), {
      maxResyncBytes: 1000,
    });
    expect(segments.length).toBeLessThan(4);
    expect(info.warnings.at(-1)).toMatchObject({ code: 'unreadable-rest' });
  });
});

describe('what is no capture is refused with a reason', () => {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const garbledMagic = pcap([]);
  garbledMagic[1] = 0;
  it.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(0), /empty/],
    ['two bytes', Uint8Array.of(0xd4, 0xc3), /only 2 bytes/],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), /gzip/],
    ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), /zstd/],
    ['HTML', utf8('<!DOCTYPE html><html><head>'), /HTML/],
    ['JSON', utf8('{"packets": []}'), /JSON/],
    ['a hex dump', utf8('0000  45 00 00 3c'), /text2pcap/],
    ['tcpdump’s text', utf8('12:00:00.1 IP 10.0.0.1 > 10.0.0.2'), /this is text/],
    ['snoop', concat(utf8('snoop\0\0\0'), new Uint8Array(20)), /snoop/],
    ['ERF', Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 0x65, 2, 0, 0, 100, 0, 0, 0, 80]), /ERF/],
    ['a pcap with one wrong magic byte', garbledMagic, /magic/],
    ['a pcap copied as text', utf8('\ufffd\u00f2\ufffd\u0002\0\u0004\0'), /copied as text/],
    [
      'a pcapng with a wrong byte-order mark',
      concat(u32(0x0a0d0d0a), u32(28), new Uint8Array(20)),
      /byte-order/,
    ],
    ['a pcap header cut short', pcap([]).slice(0, 20), /24-byte header/],
    ['zeros', new Uint8Array(100), /zeros/],
    ['noise', Uint8Array.of(0xde, 0xad, 0xbe, 0xef, 0), /de ad be ef/],
  ])('%s', (_, input, reason) => {
    for (const sizes of [[], [1]]) {
      let error: unknown;
      try {
        collect(input, {}, sizes);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(NotACaptureError);
      expect(error).toMatchObject({ code: 'not-a-capture', message: expect.stringMatching(reason) });
    }
  });
});

describe('for any input', () => {
  const bases = [
    pcap(numbered(12)),
    pcap(numbered(12), { bigEndian: true, nano: true }),
    pcap(numbered(12), { modified: true }),
    concat(
      pcapng(numbered(6)),
      pcapng(numbered(6), { bigEndian: true, interfaces: [{ name: 'a', resolution: 9 }] }),
    ),
    pcapng(numbered(12), { block: 'obsolete' }),
  ];
  /** A capture with some bytes overwritten, removed or inserted. */
  const mutated = fc
    .tuple(
      fc.constantFrom(...bases),
      fc.array(
        fc.record({
          at: fc.nat(12_000),
          remove: fc.oneof(fc.constant(0), fc.nat(40), fc.nat(2000)),
          insert: fc.oneof(
            fc.uint8Array({ maxLength: 8 }),
            fc.constant(Uint8Array.of(0xff, 0xff, 0xff, 0xff)),
            fc.constant(new Uint8Array(300)),
          ),
        }),
        { maxLength: 5 },
      ),
    )
    .map(([base, edits]) =>
      edits.reduce((bytes, { at, remove, insert }) => {
        const from = at % (bytes.length + 1);
        return concat(bytes.slice(0, from), insert, bytes.slice(from + remove));
      }, base),
    );

  const outcome = (input: Uint8Array, sizes: number[]) => {
    try {
      return collect(input, {}, sizes);
    } catch (error) {
      if (!(error instanceof NotACaptureError)) throw error;
      return error.message;
    }
  };

  it('chunking never changes what is seen', () => {
    fc.assert(
      fc.property(
        mutated,
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
        (input, sizes) => {
          expect(outcome(input, sizes)).toEqual(outcome(input, []));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('nothing but NotACaptureError is ever thrown, and every number is sane', () => {
    fc.assert(
      fc.property(mutated, (input) => {
        const seen = outcome(input, []);
        if (typeof seen === 'string') return;
        for (const segment of seen.segments) {
          expect(Number.isFinite(segment.time)).toBe(true);
          expect(segment.payloadCaptured).toBe(segment.payload.length);
          expect(segment.payloadCaptured).toBeLessThanOrEqual(segment.payloadLength);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('a Buffer does as well as a Uint8Array', () => {
    let seen = 0;
    const reader = new CaptureReader({ segment: () => seen++ });
    reader.push(Buffer.from(bases[0]!));
    reader.end();
    expect(seen).toBe(12);
  });
});
