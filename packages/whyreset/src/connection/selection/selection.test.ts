import { expect, test } from 'vitest';
import { CaptureReader } from '../../wire/capture-reader.ts';
import { pcap } from '../../wire/testing/captures.ts';
import { type TcpFields, tcpPacket } from '../../wire/testing/packets.ts';
import { ConnectionTracker } from '../tracker.ts';

const CLIENT = { from: '10.0.0.1:40000', to: '10.0.0.2:80' };
const SERVER = { from: '10.0.0.2:80', to: '10.0.0.1:40000' };

/** Whether the tracker keeps a connection as troubled. */
function troubled(packets: readonly TcpFields[]): boolean {
  const tracker = new ConnectionTracker({});
  const reader = new CaptureReader(tracker);
  reader.push(pcap(packets.map((packet) => tcpPacket(packet))));
  reader.end();
  tracker.end();
  return tracker.archive.length === 1;
}

/** A request, an answer, and the server's FIN. */
function exchange(request: string, answer: string): TcpFields[] {
  const next = 1 + request.length;
  const end = 1 + answer.length;
  return [
    { ...CLIENT, flags: 'S', seq: 0 },
    { ...SERVER, flags: 'S.', seq: 0, ack: 1 },
    { ...CLIENT, flags: '.', seq: 1, ack: 1 },
    { ...CLIENT, flags: 'P.', seq: 1, ack: 1, payload: request },
    { ...SERVER, flags: 'P.', seq: 1, ack: next, payload: answer },
    { ...SERVER, flags: 'F.', seq: end, ack: next },
    { ...CLIENT, flags: 'F.', seq: next, ack: end + 1 },
    { ...SERVER, flags: '.', seq: end + 1, ack: next + 1 },
  ];
}

const GET = 'GET / HTTP/1.1\r\n\r\n';
const answer = (status: string, length: number, body: number) =>
  `HTTP/1.1 ${status}\r\nServer: a\r\ncontent-LENGTH:  ${length}\r\n\r\n${'b'.repeat(body)}`;

test('an answer that its own length says was to be longer is looked at', () => {
  expect(troubled(exchange(GET, answer('200 OK', 900, 100)))).toBe(true);
});

test.each([
  ['whole answers', GET, answer('200 OK', 100, 100)],
  ['answers without a length', GET, 'HTTP/1.1 200 OK\r\n\r\nbody'],
  ['answers whose headers did not end', GET, 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\nX: '],
  ['answers to HEAD', 'HEAD / HTTP/1.1\r\n\r\n', answer('200 OK', 900, 0)],
  ['304', GET, answer('304 Not Modified', 900, 0)],
  ['204', GET, answer('204 No Content', 900, 0)],
])('%s are not', (_, request, response) => {
  expect(troubled(exchange(request, response))).toBe(false);
});

const CHUNKS = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n';

test('a chunked answer without its last chunk is looked at, a complete one is not', () => {
  expect(troubled(exchange(GET, CHUNKS))).toBe(true);
  expect(troubled(exchange(GET, `${CHUNKS}0\r\n\r\n`))).toBe(false);
  expect(troubled(exchange(GET, `${CHUNKS}0\r\nX-Sum: 1\r\n\r\n`))).toBe(false);
});

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const SETTINGS = '\0\0\0\x04\0\0\0\0\0';

test('an answer to the HTTP/2 preface that is no SETTINGS frame is looked at', () => {
  expect(troubled(exchange(PREFACE, '<html>what?</html>'))).toBe(true);
  expect(troubled(exchange(PREFACE, 'HTTP/1.1 400 Bad Request\r\n\r\n'))).toBe(true);
  expect(troubled(exchange(PREFACE, `${SETTINGS}${SETTINGS}`))).toBe(false);
});

const record = (type: number, length: number, first = 0) =>
  `${String.fromCharCode(type, 3, 3, length >> 8, length & 255, first)}${'x'.repeat(length - 1)}`;

test('a TLS record that the server cut is looked at', () => {
  const answer = record(22, 90, 2) + record(23, 100);
  expect(troubled(exchange(record(22, 100, 1), answer))).toBe(false);
  expect(troubled(exchange(record(22, 100, 1), answer.slice(0, -20)))).toBe(true);
});

test('a TLS 1.3 client whose first encrypted record is an alert is looked at', () => {
  const hello = record(22, 100, 1);
  const answer = record(22, 90, 2);
  const next = 1 + hello.length;
  const end = 1 + answer.length;
  const closing = (last: string): TcpFields[] => [
    ...exchange(hello, answer).slice(0, 5),
    { ...CLIENT, flags: 'P.', seq: next, ack: end, payload: last },
    { ...CLIENT, flags: 'F.', seq: next + last.length, ack: end },
    { ...SERVER, flags: 'F.', seq: end, ack: next + last.length + 1 },
    { ...CLIENT, flags: '.', seq: next + last.length + 1, ack: end + 1 },
  ];
  expect(troubled(closing(record(23, 19)))).toBe(true);
  expect(troubled(closing(record(23, 53)))).toBe(false);
});

const opened: TcpFields[] = [...exchange(GET, answer('200 OK', 3, 3)).slice(0, 5)];
const asked = 1 + GET.length;
const said = 1 + answer('200 OK', 3, 3).length;
const probe: TcpFields = { ...CLIENT, flags: '.', seq: asked - 1, ack: said };
const reply: TcpFields = { ...SERVER, flags: '.', seq: said, ack: asked };

test('keep-alive probes that nobody answers to the end are looked at', () => {
  expect(troubled([...opened, { ...probe, seq: asked }, probe, probe, probe])).toBe(true);
});

test('probes that are answered are not, nor those of which the capture saw the first two', () => {
  expect(troubled([...opened, probe, reply, probe, reply, probe, reply])).toBe(false);
  expect(troubled([...opened, probe, probe])).toBe(false);
});

test('probes in a capture of one direction are not: their answers are not in it', () => {
  const oneWay = opened.filter(({ from }) => from === CLIENT.from);
  expect(troubled([...oneWay, probe, probe, probe])).toBe(false);
});
