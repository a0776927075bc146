import { expect, test } from 'vitest';
import { CaptureReader } from '../wire/capture-reader.ts';
import { pcap } from '../wire/testing/captures.ts';
import { type TcpFields, tcpPacket } from '../wire/testing/packets.ts';
import { type ConnectionSummary, ConnectionTracker, type TrackerOptions } from './tracker.ts';

const client = { from: '10.0.0.1:40000', to: '10.0.0.2:9999' };
const server = { from: '10.0.0.2:9999', to: '10.0.0.1:40000' };

function track(packets: TcpFields[], options: TrackerOptions = {}): ConnectionSummary[] {
  const summaries: ConnectionSummary[] = [];
  const tracker = new ConnectionTracker({ every: true, ...options }, (one) => summaries.push(one.summary()));
  const reader = new CaptureReader(tracker);
  reader.push(pcap(packets.map(tcpPacket)));
  reader.end();
  tracker.end();
  return summaries;
}

const syn: TcpFields = { ...client, flags: 'S', seq: 1000 };
const synAck: TcpFields = { ...server, flags: 'S.', seq: 5000, ack: 1001 };
const ack: TcpFields = { ...client, flags: '.', seq: 1001, ack: 5001 };

test('checksum_bad packet leaves the letter and nothing else', () => {
  expect(track([syn, synAck, ack, { ...server, flags: 'R', seq: 5001, checksum: 'bad' }])).toMatchObject([
    { state: 'S1', history: 'ShAc', resets: 0, responderPackets: 1 },
  ]);
});

test('checksum_bad first packet opens a connection all the same', () => {
  expect(track([{ ...syn, checksum: 'bad' }])).toMatchObject([
    { state: 'OTH', history: 'C', originatorPackets: 0 },
  ]);
});

test('checksum_ten bad ones', () => {
  const bad: TcpFields = { ...client, payload: 'x', seq: 1001, checksum: 'bad' };
  expect(track([syn, synAck, ack, ...Array<TcpFields>(10).fill(bad)])).toMatchObject([{ history: 'ShACC' }]);
});

test('checksum_left to the network card counts as good', () => {
  expect(track([syn, { ...synAck, checksum: 'partial' }, { ...ack, checksum: 'zero' }])).toMatchObject([
    { history: 'ShA' },
  ]);
});

test('checksum_control looks only at RST', () => {
  const data: TcpFields = { ...client, flags: 'P.', payload: 'x', seq: 1001, ack: 5001, checksum: 'bad' };
  const rst: TcpFields = { ...server, flags: 'R', seq: 5001, checksum: 'bad' };
  expect(track([syn, synAck, ack, data, rst])).toMatchObject([{ history: 'ShACc' }]);
  expect(track([syn, synAck, ack, data, rst], { checksums: 'resets' })).toMatchObject([{ history: 'ShADc' }]);
});
