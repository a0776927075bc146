import { named } from '../evidence/exchange/known-timeout.ts';
import { seconds } from '../evidence/packets.ts';
import { cite, defineCause, doubted, SILENT, supported } from './define.ts';

function ordinal(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}

const says = {
  idle: (timer: number) =>
    `the server closed after ${seconds(timer)} of silence, not right behind a response`,
  closed: (after: number, served: number, request: number) =>
    `the server closed ${seconds(after)} after its ${ordinal(served)} response, and the client sent another request in packet ${request}`,
  announced: 'its last response had announced it: Connection: close',
  count: (served: number, products: string) => `${served} requests are the default limit of ${products}`,
  age: (age: number, products: string) => `an age of ${seconds(age)} is the default limit of ${products}`,
  life: (count: number, age: number) =>
    `${count} connections to this server, begun at different times, ended at an age of ${seconds(age)}`,
  outlived: (gap: number) =>
    `the connection had outlived ${seconds(gap)} of silence before: no idle timer that short`,
  repeated: (count: number, served: number) =>
    `${count} connections to this server ended after ${served} responses`,
  reset: 'the request was answered with a RST',
};

export default defineCause({
  id: 'max-requests-or-age',
  taxonomy: 'I10',
  family: 'keep-alive-race',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Server closed right after a response, at its limit of requests or age, and the client sent another',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_TIMEWAIT_SOCKET', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['OutRsts'],
  references: [
    'RFC 9112 §9.6 (Connection: close)',
    'nginx keepalive_requests, keepalive_time',
    'Apache MaxKeepAliveRequests',
  ],
  explain:
    'The server answered and closed the connection at once, not because it was idle but because the connection had served its number of requests or reached its age. ' +
    'The client sent one more request on it. ' +
    'When the server announced the end with Connection: close, a client that reuses the connection all the same is at fault; without the announcement the two simply raced. ' +
    'The server’s kernel answers the request with a RST; the application never received it. ' +
    'Clients report "socket hang up", "other side closed", RemoteDisconnected or ECONNRESET, typically at every hundredth or thousandth request.',
  refines: ['write-after-close'],
  requires: ['closing', 'exchange', 'idle'],
  mayUse: ['application', 'lifetime', 'reset', 'neighbours', 'outlivedSilence'],
  examine({ closing, exchange, idle, application, lifetime, reset, neighbours, outlivedSilence }) {
    const { fin, side, dataAfterAcked } = closing;
    const request = closing.dataAfter[0] ?? closing.crossing;
    if (side !== 'responder' || exchange.responses === 0 || request == null || dataAfterAcked) return SILENT;
    if (reset !== null && (reset.side !== 'responder' || reset.packet.number < fin.number)) return SILENT;
    const aged = outlivedSilence !== null && (neighbours?.sameLife ?? 0) >= 3 ? neighbours!.sameLife : 0;
    if (idle.silent && aged === 0) return doubted('idle', says.idle(idle.timer), [idle.since, fin.number]);
    const last = application?.lastRequest ?? null;
    // The rest of an answered body is no further request.
    if (last?.protocol === 'other' && application?.firstRequest?.protocol === 'http-request') return SILENT;
    // It must have answered before it closed.
    if (idle.sinceFrom === 'originator' && idle.since !== request.number) return SILENT;
    const response = application?.lastResponse ?? null;
    const announced = response?.protocol === 'http-response' && response.close && response.status < 400;
    const counts = lifetime?.counts ?? [];
    const ages = lifetime?.ages ?? [];
    const served = exchange.responses;
    const { lastDataNumber, lastDataTime } = exchange.responder;
    // TLS sends its session tickets in a turn of their own: two turns are one answer.
    const repeated =
      neighbours !== null && neighbours.sameServed >= 3 && served > 2 ? neighbours.sameServed : 0;
    const limit = announced || counts.length > 0 || ages.length > 0 || repeated > 0 || aged > 0;
    if (!limit && served < 2) return SILENT;
    const because = [
      cite(
        'closing',
        says.closed(fin.time - lastDataTime, served, request.number),
        lastDataNumber,
        fin.number,
        request.number,
      ),
    ];
    if (announced) because.push(cite('application', says.announced, response.number));
    if (counts.length > 0) because.push(cite('lifetime', says.count(served, named(counts)), fin.number));
    if (ages.length > 0) because.push(cite('lifetime', says.age(lifetime!.age, named(ages)), fin.number));
    if (repeated > 0) because.push(cite('neighbours', says.repeated(repeated, served), fin.number));
    if (aged > 0) {
      because.push(cite('neighbours', says.life(aged, lifetime?.age ?? 0), fin.number));
      const { gap, since, until } = outlivedSilence!;
      because.push(cite('outlivedSilence', says.outlived(gap), since, until));
    }
    if (reset !== null) because.push(cite('reset', says.reset, request.number, reset.packet.number));
    return supported(limit ? 'strong' : 'fair', because);
  },
  headline({ exchange, application }) {
    const response = application?.lastResponse ?? null;
    const announced = response?.protocol === 'http-response' && response.close;
    if (announced)
      return 'The server announced Connection: close and closed; the client sent the next request on that connection all the same';
    return exchange === null
      ? null
      : `The server closes a connection after ${exchange.responses} responses; the client sends the next request all the same`;
  },
  advice({ lifetime, exchange, application }) {
    const served = exchange?.responses ?? 'N';
    const response = application?.lastResponse ?? null;
    const announced = response?.protocol === 'http-response' && response.close;
    const age = lifetime === null ? 'T' : seconds(lifetime.age);
    return [
      {
        who: 'client',
        do: announced
          ? 'Do not reuse a connection whose response said Connection: close: update the client or its pool, which must drop it'
          : `Retire connections before the server does, below ${served} requests and an age of ${age} (HikariCP maxLifetime, undici clientTtl, agentkeepalive socketActiveTTL)`,
      },
      {
        who: 'server',
        do: `Raise or lift the limit that was reached after ${served} requests and ${age}: nginx keepalive_requests and keepalive_time, Apache MaxKeepAliveRequests, Tomcat maxKeepAliveRequests, Node server.maxRequestsPerSocket, gunicorn max_requests; and announce the last response with Connection: close`,
      },
    ];
  },
  scenario: 'max-requests',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.062 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
+0.062 < F.
+0.063 > .
+0.100 request "GET /c HTTP/1.1\r\nHost: a\r\n\r\n"
+0.120 < R passive`,
    ],
    miss: [
      String.raw`# out of idleness
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.062 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.063 > .
+5.062 < F.
+5.063 > .
+6.100 request "GET /c HTTP/1.1\r\nHost: a\r\n\r\n"
+6.120 < R passive`,
    ],
  },
});
