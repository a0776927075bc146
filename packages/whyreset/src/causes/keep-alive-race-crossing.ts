import { bytes, seconds } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  knew: (request: number) => `the request in packet ${request} acknowledges the FIN: it had arrived before`,
  crossed: (length: number, request: number) =>
    `the server’s FIN acknowledges nothing of the ${bytes(length)} in packet ${request}, and these do not acknowledge the FIN: they passed each other`,
  idle: (timer: number) => `the connection had been idle for ${seconds(timer)} when the server closed it`,
  unaware: (late: number) =>
    `the request came ${seconds(late)} after the FIN, longer than a round trip, and does not acknowledge it`,
  reset: 'the server’s kernel answered the request with a RST',
};

export default defineCause({
  id: 'keep-alive-race-crossing',
  taxonomy: 'I1',
  family: 'keep-alive-race',
  baseRate: { is: 'common', source: 'some 20 of 31 public threads are an idle mismatch (2017 to 2026)' },
  title: 'Keep-alive race: the request crossed the server’s FIN on the way',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_DATA', 'SK_RST_REASON_TCP_TIMEWAIT_SOCKET'],
  counters: ['TCPAbortOnData', 'OutRsts'],
  references: [
    'RFC 9112 §9.3.1 (a connection may be closed while a request is on its way) and §9.5',
    'RFC 9293 §3.10.7.4',
    'nodejs/node#20256',
  ],
  explain:
    'A connection had answered its last request and was kept open. ' +
    'When the server’s idle timeout ran out it closed with a FIN, and at that moment the client sent its next request. ' +
    'The two passed each other on the way: the FIN does not acknowledge the request and the request does not acknowledge the FIN, so neither side could have known. ' +
    'No program reads the connection on the server any more, and its kernel answers the request with a RST. ' +
    'The server application never received the request, so repeating it is safe. ' +
    'The client sees "read ECONNRESET" or, when the FIN is read first, "socket hang up", "other side closed", NoHttpResponseException or RemoteDisconnected; a proxy in the place of the client reports 502.',
  refines: ['write-after-close'],
  requires: ['exchange', 'idle', 'closing'],
  mayUse: ['reuse', 'reset', 'finDelivery', 'messageCut'],
  examine({ exchange, idle, closing, reuse, reset, finDelivery, messageCut }) {
    // A server that had not finished its last answer was not idle.
    if (messageCut?.side === 'responder') return SILENT;
    if (exchange.responses === 0 || idle.parting) return SILENT;
    const passive = reset?.side === 'responder' && reset.shape === 'passive';
    const { fin, side, crossing } = closing;
    if (side !== 'responder' || (reset !== null && (!passive || reset.packet.number < fin.number)))
      return SILENT;
    if (reuse === null) return SILENT;
    const { request } = reuse;
    if (crossing === null)
      return contradicted('reuse', says.knew(request.number), [fin.number, request.number]);
    if (finDelivery?.course === 'lost')
      return contradicted('finDelivery', finDelivery.says, finDelivery.packets);
    if (!idle.silent || idle.brokenBy === 'responder') return SILENT;
    if (reuse.course === 'unaware')
      return doubted('reuse', says.unaware(reuse.late), [fin.number, request.number]);
    const because = [
      cite('closing', says.crossed(crossing.length, crossing.number), fin.number, crossing.number),
      cite('idle', says.idle(idle.timer), idle.since, fin.number),
    ];
    if (finDelivery?.course === 'later')
      because.push(cite('finDelivery', finDelivery.says, ...finDelivery.packets));
    if (reset !== null) because.push(cite('reset', says.reset, reset.packet.number));
    if (!reuse.measured && finDelivery?.course !== 'later') return supported('strong', because);
    // A pause too short for a timeout proves the race, not that the server had closed out of idleness.
    return supported(idle.idle ? 'proof' : reuse.anew ? 'strong' : 'fair', because);
  },
  scenario: 'keepalive-race-crossing',
  examples: {
    match: [
      String.raw`# at the client: the request leaves 8 ms before the FIN arrives
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.041 > .
+5.041 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+5.049 < F. ack 29
+5.049 > .
+5.061 < R passive seq 39`,
      String.raw`# at the server: the request arrives after the FIN has left
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.022 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 > .
+5.022 < F.
+5.030 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n" ack 39
+5.030 < R passive`,
    ],
    miss: [
      String.raw`# the client had the FIN for a second
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.041 > .
+5.041 < F.
+5.041 > .
+6.041 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+6.061 < R passive`,
    ],
  },
});
