import { expect, test } from 'vitest';
import { CaptureReader } from '../../wire/capture-reader.ts';
import { pcap } from '../../wire/testing/captures.ts';
import { tcpOption, tcpPacket } from '../../wire/testing/packets.ts';
import type { Connection } from '../connection.ts';
import { ConnectionTracker } from '../tracker.ts';

const C = '10.0.0.1:40000';
const S = '10.0.0.2:80';
const CLIENT = 1_000_000;
const SERVER = 4_294_960_000;

/** A download of which a segment was lost, and the client's answers with these blocks (relative to the server's first byte). */
function withBlocks(blocks: readonly [number, number][], timestamps: boolean, from = 0): Connection {
  const stamp = timestamps ? tcpOption.timestamps(5, 6) : [];
  const raw = (relative: number) => (SERVER + relative) >>> 0;
  const packets = [
    { from: C, to: S, flags: 'S', seq: CLIENT },
    { from: S, to: C, flags: 'S.', seq: SERVER, ack: CLIENT + 1 },
    { from: C, to: S, flags: '.', seq: CLIENT + 1, ack: raw(1) },
    { from: C, to: S, flags: 'P.', seq: CLIENT + 1, ack: raw(1), payload: 'x' },
    { from: S, to: C, flags: '.', seq: raw(1), ack: CLIENT + 2, payload: 'a'.repeat(3000) },
    ...blocks.map(([left, right]) => ({
      from: C,
      to: S,
      flags: '.',
      seq: CLIENT + 2,
      ack: raw(1),
      options: [...stamp, 1, 1, ...tcpOption.sack([raw(left), raw(right)])],
    })),
  ].slice(from);
  const tracker = new ConnectionTracker({ keep: 'every' });
  const reader = new CaptureReader(tracker);
  reader.push(pcap(packets.map((packet) => tcpPacket(packet))));
  reader.end();
  tracker.end();
  return tracker.archive.connection(0);
}

test.each([true, false])(
  'blocks of bytes that were never sent are counted, timestamps beside them: %s',
  (stamped) => {
    const blocks: [number, number][] = [
      [1_500_001_449, 1_500_002_897],
      [1_500_001_449, 1_500_003_000],
    ];
    expect(withBlocks(blocks, stamped).foreignSack).toMatchObject({
      number: 6,
      from: 'originator',
      count: 2,
      off: 1_500_001_448,
    });
  },
);

test('blocks of what was sent, and duplicates just below, are the option at work', () => {
  const blocks: [number, number][] = [
    [1449, 2897],
    [-3000, -1500],
  ];
  expect(withBlocks(blocks, true).foreignSack).toBeNull();
});

test('who saw only one direction cannot tell', () => {
  expect(withBlocks([[1_500_001_449, 1_500_002_897]], true, 5).foreignSack).toBeNull();
});
