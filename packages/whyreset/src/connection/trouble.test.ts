import { expect, test } from 'vitest';
import { CaptureReader } from '../wire/capture-reader.ts';
import { pcap } from '../wire/testing/captures.ts';
import { type TcpFields, tcpPacket } from '../wire/testing/packets.ts';
import { ConnectionTracker } from './tracker.ts';

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
