import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { bytes, seconds } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** A request that lost the race is reset at once: within four round trips, or this many seconds. */
const AT_ONCE = 0.25;

export default defineLegacyCause({
  id: 'keep-alive-race-unread',
  taxonomy: 'I2',
  family: 'keep-alive-race',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Keep-alive race: the request arrived, and the server closed without reading it',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  counters: ['TCPAbortOnClose', 'EstabResets', 'OutRsts'],
  references: [
    'RFC 9112 §9.3.1 and §9.5',
    'RFC 2525 §2.17 (close with data unread sends a RST)',
    'nodejs/node#26166',
  ],
  explain:
    'A connection had answered its last request and was kept open. ' +
    'The next request reached the server’s kernel just as the server’s idle timeout fired. ' +
    'The program closed the socket without having looked into it, and a kernel that closes with unread bytes sends a RST in place of a FIN. ' +
    'So there is no FIN, and the RST comes within a round trip of the request, before any answer. ' +
    'The application never read the request. ' +
    'Clients report "read ECONNRESET" with reusedSocket true, "connection reset by peer", ConnectionResetError 104 or curl 56; proxies report 502 or 503 ("upstream reset before response").',
  needs: ['reset', 'closing', 'endings', 'exchange', 'idle', 'knownTimeout', 'neighbours', 'maker', 'rtt'],
  refines: ['unread-data-at-close', 'abort-by-linger-zero', 'listener-closed-with-queue'],
  examine(facts) {
    const { reset, closing, endings, exchange, idle, maker } = facts;
    if (!reset.known || reset.side !== 'responder' || !exchange.known || exchange.responses === 0)
      return SILENT;
    if (closing.known && closing.fin.number < reset.packet.number) {
      return closing.side === 'responder' && reset.shape === 'passive'
        ? contradicted('closing', `the server had sent a FIN in packet ${closing.fin.number}`, [
            closing.fin.number,
          ])
        : SILENT;
    }
    if (endings.known && (endings.closed.originator || endings.closed.responder)) return SILENT;
    if (reset.shape !== 'active' || !idle.known || !idle.silent || idle.brokenBy !== 'originator')
      return SILENT;
    if (
      !exchange.unanswered ||
      (maker.known && (maker.middlebox === 'proven' || maker.middlebox === 'likely'))
    )
      return SILENT;
    const { rtt } = facts;
    const roundTrip = rtt.known ? Math.max(rtt.originator, 0) + Math.max(rtt.responder, 0) : 0;
    const delay = idle.timer - idle.gap;
    if (delay > Math.max(AT_ONCE, 4 * roundTrip)) {
      return contradicted(
        'idle',
        `the server held the request for ${seconds(delay)} before it reset the connection`,
        [idle.until, reset.packet.number],
      );
    }
    const because = [
      cite(
        'idle',
        `the first request after ${seconds(idle.gap)} of silence was met by a RST ${seconds(delay)} later, without a FIN and without an answer`,
        idle.since,
        idle.until,
        reset.packet.number,
      ),
      cite(
        'reset',
        `an active RST+ACK: the server’s own stack, which still held the connection${exchange.originator.unacked > 0 ? '' : ` and had taken in all ${bytes(exchange.originator.sent)}`}`,
        reset.packet.number,
      ),
    ];
    const { knownTimeout } = facts;
    const servers = knownTimeout.known
      ? matchesOf(knownTimeout, 'responder').filter(
          ({ what }) => what === 'server-keepalive' || what === 'lb-idle',
        )
      : [];
    if (servers.length > 0)
      because.push(
        cite(
          'knownTimeout',
          `${seconds(idle.timer)} is a known default of ${named(servers)}`,
          reset.packet.number,
        ),
      );
    const { neighbours } = facts;
    const alike = neighbours.known ? neighbours.sameSilence : 1;
    if (alike > 1)
      because.push(
        cite(
          'neighbours',
          `${alike} connections to this server were lost after the same silence`,
          reset.packet.number,
        ),
      );
    return supported(servers.length > 0 || alike > 1 ? 'strong' : 'fair', because);
  },
  advice({ idle }) {
    const timer = idle.known ? seconds(idle.timer) : 'T';
    return [
      {
        who: 'client',
        do: `Let idle connections go before the server does: a pool idle timeout clearly below ${timer} (undici keepAliveTimeout, agentkeepalive freeSocketTimeout, Go IdleConnTimeout, HttpClient evictIdleConnections, nginx upstream keepalive_timeout)`,
      },
      {
        who: 'client',
        do: 'Retry idempotent requests once on a new connection; for others use an Idempotency-Key, since from the outside nobody can tell that the request was not read',
      },
      {
        who: 'server',
        do: `Raise the keep-alive timeout from ${timer} above that of every client and balancer in front (Node server.keepAliveTimeout with headersTimeout above it, nginx keepalive_timeout, gunicorn --keep-alive; behind an AWS ALB above 60 s, behind a Google balancer above 600 s)`,
      },
    ];
  },
  scenario: 'keepalive-race-unread',
  examples: {
    match: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "POST /a HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\n{}"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.041 > .
+5.030 > P. "POST /b HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\n{}"
+5.051 < R.`,
    ],
    miss: [
      `# no silence before the request
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "POST /a HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\n{}"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 > P. "POST /b HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\n{}"
+0.063 < R.`,
      `# the server had it for ten seconds
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "POST /a HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\n{}"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.041 > .
+5.030 > P. "POST /b HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\n{}"
+5.050 < .
+15.051 < R.`,
    ],
  },
});
