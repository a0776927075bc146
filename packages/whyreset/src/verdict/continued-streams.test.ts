import { expect, test } from 'vitest';
import { ConnectionTracker } from '../connection/tracker.ts';
import { CaptureReader } from '../wire/capture-reader.ts';
import { pcap } from '../wire/testing/captures.ts';
import { type TcpFields, tcpPacket } from '../wire/testing/packets.ts';
import { Subjects } from './subjects.ts';

const SERVER = '10.0.0.2:80';
const REQUEST = 'GET / HTTP/1.1\r\n\r\n';

/** A handshake and a request that is acknowledged, from `client`. */
const opened = (client: string): TcpFields[] => [
  { from: client, to: SERVER, flags: 'S', seq: 1000 },
  { from: SERVER, to: client, flags: 'S.', seq: 5000, ack: 1001 },
  { from: client, to: SERVER, flags: '.', seq: 1001, ack: 5001 },
  { from: client, to: SERVER, flags: 'P.', seq: 1001, ack: 5001, payload: REQUEST },
  { from: SERVER, to: client, flags: '.', seq: 5001, ack: 1001 + REQUEST.length },
];

/** A packet with these numbers from `client`, which the server resets. */
const refused = (client: string, seq: number, ack: number): TcpFields[] => [
  { from: client, to: SERVER, flags: 'P.', seq, ack, payload: REQUEST },
  { from: SERVER, to: client, flags: 'R', seq: ack },
];

function reboundOf(packets: readonly TcpFields[]) {
  const tracker = new ConnectionTracker({});
  const reader = new CaptureReader(tracker);
  reader.push(pcap(packets.map((packet) => tcpPacket(packet))));
  reader.end();
  tracker.end();
  const found = [...new Subjects(tracker)].map(({ world }) => world.rebound(world.index));
  return found.filter((rebound) => rebound !== null);
}

test.each([
  ['port', '10.0.0.1:40001'],
  ['address', '192.0.2.7:40000'],
])('a healthy connection that goes on under another %s', (_, now) => {
  const rebound = reboundOf([...opened('10.0.0.1:40000'), ...refused(now, 1001 + REQUEST.length, 5001)]);
  expect(rebound).toMatchObject([{ before: { address: '10.0.0.1', port: 40_000 }, number: 6 }]);
});

test('also the old one is told when it is in trouble itself', () => {
  const again: TcpFields = { from: SERVER, to: '10.0.0.1:40000', flags: 'R.', seq: 5001, ack: 1001 };
  const packets = [...opened('10.0.0.1:40000'), ...refused('10.0.0.1:40001', 1020, 5001), again];
  expect(reboundOf(packets)).toHaveLength(2);
});

test.each([
  ['other numbers', 9_000_000, 5001],
  ['other acknowledgements', 1020, 9_000_000],
])('%s are another stream', (_, seq, ack) => {
  expect(reboundOf([...opened('10.0.0.1:40000'), ...refused('10.0.0.1:40001', seq, ack)])).toEqual([]);
});

test('a packet that came before the old stream ended does not continue it', () => {
  expect(reboundOf([...refused('10.0.0.1:40001', 1020, 5001), ...opened('10.0.0.1:40000')])).toEqual([]);
});
