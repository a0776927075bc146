import { bytes, seconds } from '../evidence/packets.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  carriesAck: (request: number, late: number) =>
    `packet ${request} carries the request and acknowledges the FIN that came ${seconds(late)} before`,
  acked: (ack: number, late: number) =>
    `the client’s kernel acknowledged the FIN in packet ${ack}, ${seconds(late)} before it sent the request`,
  unaware: (request: number, late: number) =>
    `the server had closed ${seconds(late)} before packet ${request}, which does not acknowledge the FIN: the FIN was lost or held up`,
  idle: (timer: number) => `the server closed after ${seconds(timer)} of silence`,
  reset: (length: number) => `the server’s kernel answered the ${bytes(length)} with a RST`,
};

export default defineCause({
  id: 'stale-pool-reuse',
  taxonomy: 'I3',
  family: 'keep-alive-race',
  baseRate: { is: 'common', source: 'some 20 of 31 public threads are an idle mismatch (2017 to 2026)' },
  title: 'Request on a pooled connection that the server had already closed',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_TIMEWAIT_SOCKET', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['OutRsts'],
  references: ['RFC 9112 §9.5', 'RFC 9293 §3.6', 'psf/requests#4664', 'nodejs/undici#5450'],
  explain:
    'The server closed an idle connection with a FIN, and the client’s kernel acknowledged that FIN. ' +
    'The client program did not notice: its pool took the connection for open and sent a request on it. ' +
    'Its event loop or thread was busy and had not read the end of the stream, or the pool does not check a connection before it uses it. ' +
    'The server’s kernel answers with a RST, because no socket is left for the connection. ' +
    'As the FIN was delivered first, the program usually reads an end of stream, not a reset: "socket hang up", "other side closed", "server closed idle connection", RemoteDisconnected, NoHttpResponseException, and EPIPE on a second write. ' +
    'The request never reached an application and may be repeated.',
  refines: ['write-after-close'],
  requires: ['reuse', 'closing', 'idle'],
  mayUse: ['reset', 'finDelivery', 'messageCut'],
  examine({ reuse, closing, idle, reset, finDelivery, messageCut }) {
    // A server that had not finished its last answer was not idle.
    if (messageCut?.side === 'responder') return SILENT;
    const { fin, request, course, late: after } = reuse;
    if (course === 'crossed' || idle.parting || !idle.silent) return SILENT;
    if (course === 'knew' && (idle.brokenBy !== 'fin' || finDelivery?.course === 'lost')) return SILENT;
    const late = reset?.side === 'responder' && reset.packet.number > fin.number && reset.shape !== 'active';
    if (reset !== null && !late) return SILENT;
    const { finAcked } = closing;
    const seen =
      course === 'unaware' || finAcked === null
        ? cite('reuse', says.unaware(request.number, after), fin.number, request.number)
        : finAcked.number === request.number
          ? cite('closing', says.carriesAck(request.number, after), fin.number, request.number)
          : cite(
              'closing',
              says.acked(finAcked.number, request.time - finAcked.time),
              fin.number,
              finAcked.number,
              request.number,
            );
    const because = [seen, cite('idle', says.idle(idle.timer), idle.since, fin.number)];
    if (finDelivery?.course === 'before')
      because.push(cite('finDelivery', finDelivery.says, ...finDelivery.packets));
    if (reset !== null)
      because.push(cite('reset', says.reset(request.length), request.number, reset.packet.number));
    if (course === 'unaware') return supported('fair', because);
    if (idle.idle) return supported('proof', because);
    // A pause too short for a timeout proves the reuse, not that the server had closed out of idleness.
    return supported(reuse.anew ? 'strong' : 'fair', because);
  },
  advice({ reuse }) {
    if (reuse === null || reuse.course !== 'knew') return [];
    return [
      {
        who: 'client',
        do: `Find out why the program had not noticed the FIN after ${seconds(reuse.late)}: a blocked event loop, a paused process, or a pool that does not check a connection before it uses it (HttpClient setValidateAfterInactivity, SQLAlchemy pool_pre_ping, testOnBorrow)`,
      },
    ];
  },
  scenario: 'keepalive-race-stalled-client',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.041 > .
+5.041 < F.
+5.082 > .
+5.600 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+5.620 < R passive`,
    ],
    miss: [
      String.raw`# crossing: the request does not acknowledge the FIN
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.041 > .
+5.041 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+5.049 < F. ack 29
+5.049 > .
+5.061 < R passive seq 39`,
      String.raw`# a goodbye of TLS harms nobody
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.041 > .
+5.041 < F.
+5.082 > .
+5.600 request "\x15\x03\x03\x00\x1aaaaaaaaaaaaaaaaaaaaaaaaaaa"
+5.620 < R passive`,
    ],
  },
});
