import { named } from '../evidence/exchange/known-timeout.ts';
import { seconds } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

function ordinal(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}

export default defineLegacyCause({
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
    'The server answered and closed the connection in the same breath, not because it was idle but because the connection had served its number of requests or reached its age. ' +
    'The client sent one more request on it. ' +
    'When the server announced the end with Connection: close, a client that reuses the connection all the same is at fault; without the announcement the two simply raced. ' +
    'The server’s kernel answers the request with a RST; the application never saw it. ' +
    'Clients report "socket hang up", "other side closed", RemoteDisconnected or ECONNRESET, typically at every hundredth or thousandth request.',
  needs: ['closing', 'exchange', 'application', 'idle', 'lifetime', 'reset'],
  refines: ['write-after-close'],
  examine(facts) {
    const { closing, exchange, application, idle, reset } = facts;
    if (!closing.known || closing.side !== 'responder' || !exchange.known || exchange.responses === 0)
      return SILENT;
    const { fin } = closing;
    const request = closing.dataAfter[0] ?? closing.crossing;
    if (request == null || closing.dataAfterAcked || !idle.known) return SILENT;
    if (reset.known && (reset.side !== 'responder' || reset.packet.number < fin.number)) return SILENT;
    if (idle.silent)
      return contradicted(
        'idle',
        `the server closed after ${seconds(idle.timer)} of silence, not right behind a response`,
        [idle.since, fin.number],
      );
    const app = application.known ? application : null;
    const last = app?.lastRequest ?? null;
    // The rest of an answered body is no further request.
    if (last !== null && last.protocol === 'other' && app?.firstRequest?.protocol === 'http-request')
      return SILENT;
    // It must have answered before it closed.
    if (idle.sinceFrom === 'originator' && idle.since !== request.number) return SILENT;
    const response = app?.lastResponse ?? null;
    const announced = response?.protocol === 'http-response' && response.close && response.status < 400;
    const { lifetime } = facts;
    const limits = lifetime.known ? [...lifetime.counts, ...lifetime.ages] : [];
    const served = exchange.responses;
    if (!announced && limits.length === 0 && served < 2) return SILENT;
    const because = [
      cite(
        'closing',
        `the server closed ${seconds(fin.time - exchange.responder.lastDataTime)} after its ${ordinal(served)} response, and the client sent another request in packet ${request.number}`,
        exchange.responder.lastDataNumber,
        fin.number,
        request.number,
      ),
    ];
    if (announced)
      because.push(
        cite('application', 'its last response had announced it: Connection: close', response.number),
      );
    if (lifetime.known && lifetime.counts.length > 0)
      because.push(
        cite('lifetime', `${served} requests are the default limit of ${named(lifetime.counts)}`, fin.number),
      );
    if (lifetime.known && lifetime.ages.length > 0)
      because.push(
        cite(
          'lifetime',
          `an age of ${seconds(lifetime.age)} is the default limit of ${named(lifetime.ages)}`,
          fin.number,
        ),
      );
    if (reset.known)
      because.push(cite('reset', 'the request was answered with a RST', request.number, reset.packet.number));
    return supported(announced || limits.length > 0 ? 'strong' : 'fair', because);
  },
  advice({ lifetime, exchange, application }) {
    const served = exchange.known ? exchange.responses : 'N';
    const age = lifetime.known ? seconds(lifetime.age) : 'T';
    const response = application.known ? application.lastResponse : null;
    const announced = response?.protocol === 'http-response' && response.close;
    return [
      {
        who: 'client',
        do: announced
          ? 'Do not reuse a connection whose response said Connection: close: update the client or its pool, which must drop it'
          : `Retry the request once on a new connection: its FIN was sent before the request arrived. Or retire connections first, below ${served} requests and an age of ${age} (HikariCP maxLifetime, undici pipelining off and clientTtl, agentkeepalive socketActiveTTL)`,
      },
      {
        who: 'server',
        do: `Raise or lift the limit that fired after ${served} requests and ${age}: nginx keepalive_requests and keepalive_time, Apache MaxKeepAliveRequests, Tomcat maxKeepAliveRequests, Node server.maxRequestsPerSocket, gunicorn max_requests; and announce the last response with Connection: close`,
      },
    ];
  },
  scenario: 'max-requests',
  examples: {
    match: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 > P. "GET /b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.062 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n"
+0.062 < F.
+0.063 > .
+0.100 > P. "GET /c HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.120 < R passive`,
    ],
    miss: [
      `# out of idleness
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 > P. "GET /b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.062 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.063 > .
+5.062 < F.
+5.063 > .
+6.100 > P. "GET /c HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+6.120 < R passive`,
    ],
  },
});
