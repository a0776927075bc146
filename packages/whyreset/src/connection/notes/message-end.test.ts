import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CaptureReader } from '../../wire/capture-reader.ts';
import { pcap } from '../../wire/testing/captures.ts';
import { type TcpFields, tcpPacket } from '../../wire/testing/packets.ts';
import type { Connection } from '../connection.ts';
import { ConnectionTracker } from '../tracker.ts';

const CLIENT = { from: '10.0.0.1:40000', to: '10.0.0.2:443' };
const SERVER = { from: '10.0.0.2:443', to: '10.0.0.1:40000' };

/** The server says `text` in the given pieces, then resets. */
function served(text: string, pieces: readonly number[], apart = 0): Connection {
  const packets: TcpFields[] = [
    { ...CLIENT, flags: 'S', seq: 0 },
    { ...SERVER, flags: 'S.', seq: 0, ack: 1 },
    { ...CLIENT, flags: '.', seq: 1, ack: 1 },
    { ...CLIENT, flags: 'P.', seq: 1, ack: 1, payload: 'GET / HTTP/1.1\r\n\r\n' },
  ];
  let at = 0;
  for (const size of [...pieces, text.length]) {
    const payload = Uint8Array.from(text.slice(at, at + size), (letter) => letter.charCodeAt(0));
    if (payload.length === 0) continue;
    packets.push({ ...SERVER, flags: 'P.', seq: 1 + at, ack: 19, payload });
    packets.push({ ...CLIENT, flags: '.', seq: 19, ack: 1 + at + payload.length });
    at += payload.length;
  }
  packets.push({ ...SERVER, flags: 'R.', seq: 1 + at, ack: 19 });
  const tracker = new ConnectionTracker({});
  const reader = new CaptureReader(tracker);
  reader.push(
    pcap(packets.map((packet, i) => ({ bytes: tcpPacket(packet), seconds: 1_700_000_000 + i * apart }))),
  );
  reader.end();
  tracker.end();
  return tracker.archive.connection(0);
}

const record = (type: number, length: number) =>
  String.fromCharCode(type, 3, 3, length >> 8, length & 255) + 'x'.repeat(length);

test('TLS records are followed however they are cut into segments', () => {
  const stream = fc.record({
    lengths: fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 5 }),
    pieces: fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 12 }),
    missing: fc.nat(900),
  });
  fc.assert(
    fc.property(stream, ({ lengths, pieces, missing }) => {
      const whole = lengths.map((length, i) => record(i === 0 ? 22 : 23, length)).join('');
      const kept = Math.max(1, whole.length - missing);
      // Where the last record that had begun ends.
      let end = 0;
      for (const length of lengths) if (end < kept) end += 5 + length;
      const { tlsRecordLacks, tail } = served(whole.slice(0, kept), pieces).responder;
      const inHeader = lengths.reduce(
        (found, length) => {
          const from = found.at;
          const open = kept > from && kept < from + 5;
          return { at: from + 5 + length, left: open ? from + 5 - kept : found.left };
        },
        { at: 0, left: -1 },
      ).left;
      expect(tlsRecordLacks).toBe(inHeader >= 0 ? inHeader : end - kept);
      const bytes = Array.from(whole.slice(0, kept).slice(-8), (letter) => letter.charCodeAt(0));
      expect([...tail].slice(-bytes.length)).toEqual(bytes);
    }),
    { numRuns: 200 },
  );
});

test('what is no TLS is not followed', () => {
  expect(served('HTTP/1.1 200 OK\r\n\r\n', []).responder.tlsRecordLacks).toBe(-1);
  expect(served(`${record(22, 10)}garbage garbage`, [3]).responder.tlsRecordLacks).toBe(-1);
});

test('a pause in the middle of a chunked answer begins no other one', () => {
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  const cut = served(`${head}3\r\nabc\r\n3\r\ndef\r\n`, [head.length + 8], 2).responder;
  expect(cut).toMatchObject({ turns: 1, lastTurn: { length: head.length + 16 } });
  const whole = served(`${head}0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n`, [head.length + 5], 2).responder;
  expect(whole.turns).toBe(2);
});
