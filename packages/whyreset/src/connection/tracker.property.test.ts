import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Connection } from './connection.ts';
import { segmentOf } from './testing/play.ts';
import { type ConnectionSummary, ConnectionTracker, type TrackerOptions } from './tracker.ts';

const uint32 = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff),
  fc.integer({ min: 1000, max: 1200 }),
);

const packet = fc.record({
  gap: fc.oneof(
    { weight: 20, arbitrary: fc.constant(0.001) },
    { weight: 1, arbitrary: fc.double({ min: -3, max: 400, noNaN: true }) },
  ),
  client: fc.boolean(),
  port: fc.integer({ min: 40_000, max: 40_003 }),
  flags: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(2, 18, 16, 24, 17, 4, 20) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
  ),
  seq: uint32,
  ack: uint32,
  length: fc.oneof(fc.constantFrom(0, 1, 10, 100), fc.integer({ min: 0, max: 65_000 })),
  window: fc.constantFrom(0, 512),
  cut: fc.boolean(),
});

type Packet = typeof packet extends fc.Arbitrary<infer T> ? T : never;

function run(packets: Packet[], options: TrackerOptions = {}) {
  const summaries: ConnectionSummary[] = [];
  const tracker = new ConnectionTracker(
    { every: true, keep: 'every', maxConnections: 3, ...options },
    (one) => summaries.push(one.summary()),
  );
  let time = 0;
  packets.forEach((one, i) => {
    time = Math.max(0, time + one.gap);
    const s = segmentOf(
      `${time} ${one.client ? '>' : '<'} . 0 0 ${Math.min(one.length, 1500)}`,
      { clientPort: one.port },
      i + 1,
    );
    s.flags = one.flags;
    s.seq = one.seq;
    s.ack = one.ack;
    s.window = one.window;
    s.payloadLength = one.length;
    if (one.cut) s.payloadCaptured = Math.min(s.payloadCaptured, 3);
    tracker.segment(s);
  });
  tracker.end();
  const connections = Array.from({ length: tracker.archive.length }, (_, i) => tracker.archive.connection(i));
  return { tracker, summaries, connections };
}

/** A sequence number as the wire can have it. */
const isWord = (value: number) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff;

function checkConnection(one: Connection): void {
  expect(one.history).toMatch(/^[SHADFRIQCGTWshadfriqcgtw^]*$/);
  expect(one.timeline.length + one.elided).toBe(one.originator.packets + one.responder.packets);
  expect(one.timeline.length).toBeLessThanOrEqual(22);
  expect(one.elidedAt).toBeLessThanOrEqual(one.timeline.length);
  for (const packet of one.timeline) {
    expect(isWord(packet.seq) && isWord(packet.ack) && isWord(packet.rawSeq) && isWord(packet.rawAck)).toBe(
      true,
    );
  }
  const numbers = one.timeline.map(({ number }) => number);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  for (const end of [one.originator, one.responder]) {
    expect(end.bytes).toBeGreaterThanOrEqual(0);
    expect(isWord(end.sent) && isWord(end.acked)).toBe(true);
    expect(end.rst === null).toBe(end.resets === 0);
    if (end.turns === 1) expect(end.firstTurn).toBe(end.lastTurn);
    expect(end.turns === 0).toBe(end.lastTurn === null);
  }
}

describe('any packets at all', () => {
  test('property_every packet ends in exactly one connection and nothing is left behind', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 120 }), (packets) => {
        const { tracker, summaries, connections } = run(packets);
        const counted = summaries.reduce((sum, one) => sum + one.originatorPackets + one.responderPackets, 0);
        expect(counted).toBe(packets.length);
        expect(summaries).toHaveLength(tracker.connections);
        expect(tracker.liveConnections).toBe(0);
        connections.forEach(checkConnection);
      }),
      { numRuns: 400 },
    );
  });

  test('property_the archive says what the summary said', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
        const { summaries, connections } = run(packets);
        expect(
          connections.map((one) => ({
            ts: one.start,
            originator: `${one.originator.address}:${one.originator.port}`,
            responder: `${one.responder.address}:${one.responder.port}`,
            state: one.state,
            history: one.history,
            originatorPackets: one.originator.packets,
            responderPackets: one.responder.packets,
            originatorBytes: one.originator.bytes,
            responderBytes: one.responder.bytes,
            resets: one.originator.resets + one.responder.resets,
          })),
        ).toEqual(summaries);
      }),
      { numRuns: 200 },
    );
  });

  test('property_the same packets give the same result, and what is kept changes nothing', () => {
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 80 }), (packets) => {
        const first = run(packets);
        expect(run(packets).connections).toEqual(first.connections);
        expect(run(packets, { keep: 'nothing' }).summaries).toEqual(first.summaries);
      }),
      { numRuns: 100 },
    );
  });
});
