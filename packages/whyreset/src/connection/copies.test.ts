import { describe, expect, it } from 'vitest';
import { CaptureReader } from '../wire/capture-reader.ts';
import { type CapturedPacket, pcap, pcapng, TEST_EPOCH } from '../wire/testing/captures.ts';
import { ethernetFrame, type TcpFields, tcpIpPacket, tcpOption } from '../wire/testing/packets.ts';
import { CopyFilter } from './copies.ts';

const client = { from: '10.0.0.1:40000', to: '10.0.0.2:80' };
const server = { from: '10.0.0.2:80', to: '10.0.0.1:40000' };
const MICROSECOND = 1_000;

type At = TcpFields & { at: number; tap?: number };

/** Numbers of the packets that are passed on, and of those that are copies, each with its original. */
function sorted(packets: readonly At[]): { passed: number[]; copies: [number, number][] } {
  const passed: number[] = [];
  const copies: [number, number][] = [];
  const filter = new CopyFilter({
    row: 0,
    segment: ({ number }) => passed.push(number),
    copied: ({ number }, original) => copies.push([number, original]),
    translated: () => {},
  });
  const reader = new CaptureReader(filter);
  const captured: CapturedPacket[] = packets.map(({ at, tap = 0, ...fields }) => ({
    bytes: ethernetFrame(tcpIpPacket(fields)),
    seconds: TEST_EPOCH + Math.floor(at / 1e6),
    nanoseconds: (at % 1e6) * MICROSECOND,
    interfaceId: tap,
  }));
  reader.push(pcapng(captured, { interfaces: [{ resolution: 9 }, { resolution: 9 }] }));
  reader.end();
  return { passed, copies };
}

const stamp = (value: number) => tcpOption.timestamps(value, 1);
const data: TcpFields = { ...client, flags: 'P.', seq: 1001, ack: 5001, payload: 'x'.repeat(100) };

describe('a copy is', () => {
  it('the same packet at another tap', () => {
    expect(
      sorted([
        { ...data, ipId: 7, at: 0 },
        { ...data, ipId: 7, at: 30, tap: 1 },
      ]),
    ).toEqual({
      passed: [1],
      copies: [[2, 1]],
    });
  });

  it('the same packet behind a router, though it waited there', () => {
    expect(
      sorted([
        { ...data, ipId: 7, at: 0, ttl: 64 },
        { ...data, ipId: 7, at: 400_000, ttl: 63 },
      ]).copies,
    ).toEqual([[2, 1]]);
  });

  it('the same packet in VXLAN and without, at several taps', () => {
    const three = [0, 3, 6].map((at, tap) => ({
      ...data,
      options: stamp(9),
      at,
      tap: Math.min(tap, 1),
      ttl: 64 - tap,
    }));
    expect(sorted(three)).toEqual({
      passed: [1],
      copies: [
        [2, 1],
        [3, 1],
      ],
    });
  });

  it('a SYN that comes again at once', () => {
    const syn: TcpFields = { ...client, flags: 'S', seq: 1000 };
    expect(
      sorted([
        { ...syn, at: 0 },
        { ...syn, at: 10 },
      ]).copies,
    ).toEqual([[2, 1]]);
  });
});

describe('no copy is', () => {
  it('a retransmission that comes quickly: it has an IP identification of its own', () => {
    expect(
      sorted([
        { ...data, ipId: 7, at: 0 },
        { ...data, ipId: 8, at: 150 },
      ]).passed,
    ).toEqual([1, 2]);
  });

  it('a retransmission without identification within one tick of the timestamp', () => {
    const six: TcpFields = {
      ...data,
      from: '[2001:db8::1]:40000',
      to: '[2001:db8::2]:80',
      options: stamp(9),
    };
    const others = Array.from({ length: 20 }, (_, i) => ({ ...six, seq: 2001 + i * 100, at: i * 20 }));
    expect(sorted([...others, { ...six, at: 500 }, { ...six, at: 600 }]).copies).toEqual([]);
  });

  it('a second RST that answers a second segment', () => {
    const reset: TcpFields = { ...server, flags: 'R', seq: 5001 };
    const packets: At[] = [
      { ...data, ipId: 1, at: 0 },
      { ...data, seq: 1101, ipId: 2, at: 5 },
      { ...reset, at: 40 },
      { ...reset, at: 44 },
    ];
    expect(sorted(packets).copies).toEqual([]);
  });

  it('a repeated SYN, a second later', () => {
    const syn: TcpFields = { ...client, flags: 'S', seq: 1000 };
    expect(
      sorted([
        { ...syn, at: 0 },
        { ...syn, at: 1_000_000 },
      ]).passed,
    ).toEqual([1, 2]);
  });

  it('the next of two duplicate acknowledgements, whose SACK blocks differ', () => {
    const ack = (right: number): TcpFields => ({
      ...server,
      seq: 5001,
      ack: 1001,
      options: [...stamp(3), ...tcpOption.sack([1101, right])],
    });
    expect(
      sorted([
        { ...ack(1201), at: 0 },
        { ...ack(1301), at: 3, tap: 1 },
      ]).copies,
    ).toEqual([]);
  });
});

it('two equal RSTs that are each captured at two taps are two', () => {
  const reset: TcpFields = { ...server, flags: 'R', seq: 5001 };
  const packets: At[] = [0, 4, 9, 12].map((at, i) => ({ ...reset, at, tap: i < 2 ? 0 : 1 }));
  expect(sorted(packets)).toEqual({
    passed: [1, 2],
    copies: [
      [3, 1],
      [4, 2],
    ],
  });
});

it('equal RSTs of a mirror port are one where the capture shows everything twice', () => {
  const syn: TcpFields = { ...client, flags: 'S', seq: 1000 };
  const reset: TcpFields = { ...server, flags: 'R.', seq: 0, ack: 1001 };
  expect(
    sorted([
      { ...syn, at: 0 },
      { ...syn, at: 2 },
      { ...reset, at: 40 },
      { ...reset, at: 42 },
    ]),
  ).toEqual({
    passed: [1, 3],
    copies: [
      [2, 1],
      [4, 3],
    ],
  });
});

it('a capture that shows packets twice only after a long time is noticed with its next SYN', () => {
  let passed = 0;
  const copied: number[] = [];
  const filter = new CopyFilter({
    row: 0,
    segment: () => passed++,
    copied: ({ number }) => copied.push(number),
    translated: () => {},
  });
  const reader = new CaptureReader(filter);
  const single = Array.from({ length: 66_000 }, (_, i) =>
    ethernetFrame(tcpIpPacket({ ...data, seq: 1001 + i * 100, payload: '', ipId: 1 + (i % 60_000) })),
  );
  const twice = ['S', 'P.', 'P.', 'F.'].flatMap((flags, i) => {
    const bytes = ethernetFrame(tcpIpPacket({ ...client, from: '10.0.0.3:1', flags, seq: i, ipId: 9 + i }));
    return [bytes, bytes];
  });
  const frames = [...single, ...twice].map((bytes) => ({ bytes, seconds: TEST_EPOCH, nanoseconds: 0 }));
  for (let at = 0; at < frames.length; at += 1000)
    reader.push(pcap(frames.slice(at, at + 1000)).subarray(at === 0 ? 0 : 24));
  reader.end();
  expect(copied).toEqual([66_002, 66_004, 66_006, 66_008]);
  expect(passed).toBe(66_004);
});
