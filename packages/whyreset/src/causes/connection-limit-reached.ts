import { spared } from '../evidence/around/unaffected-connections.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import { cite, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** The end belongs to the words when it follows this soon, seconds. */
const FOLLOWS = 1;

export default defineLegacyCause({
  id: 'connection-limit-reached',
  taxonomy: 'D18',
  family: 'closed-at-accept',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Server at its own limit of connections: accepted, refused, closed',
  resetBy: 'responder',
  benign: false,
  kernelReasons: [
    'SK_RST_REASON_TCP_ABORT_ON_CLOSE',
    'SK_RST_REASON_TCP_ABORT_ON_DATA',
    'SK_RST_REASON_TCP_TIMEWAIT_SOCKET',
  ],
  counters: ['TCPAbortOnClose', 'TCPAbortOnData'],
  references: [
    'Node net server.maxConnections, "drop" event',
    'Redis configuration, maxclients',
    'OpenSSH sshd_config(5), MaxStartups and PerSourcePenalties',
    'PostgreSQL error 53300 too_many_connections; MySQL error 1040 ER_CON_COUNT_ERROR',
  ],
  explain:
    'The server accepted the connection, saw that it already holds as many as it is allowed to, and closed it at once. ' +
    'Some say so first: Redis "-ERR max number of clients reached", PostgreSQL "sorry, too many clients already", MySQL "Too many connections", sshd "Exceeded MaxStartups". ' +
    'Others close without a byte, as Node does with server.maxConnections. ' +
    'It is a FIN, or a RST when something the client had sent was left unread; a RST can overtake the error line, and then the client reads ECONNRESET instead of the reason. ' +
    'Connections that are already open go on working, and the trouble comes and goes with the load. ' +
    'Clients report "socket hang up", ECONNRESET, EOF, "kex_exchange_identification: Connection closed by remote host", or the error of the protocol.',
  needs: ['limit', 'acceptAndClose', 'closing', 'reset', 'exchange', 'unaffectedConnections', 'endpoints'],
  refines: [
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'server-idle-kill',
    'client-gave-up',
    'client-reset-after-response',
  ],
  examine(facts) {
    const { limit, acceptAndClose: closed, closing, reset, exchange, unaffectedConnections } = facts;
    if (limit.known) {
      const fin = closing.known && closing.side === 'responder' ? closing.fin : null;
      const rst = reset.known && reset.side === 'responder' ? reset.packet : null;
      const end = fin !== null && (rst === null || fin.number < rst.number) ? fin : rst;
      if (end === null || !exchange.known || end.time - exchange.responder.lastDataTime > FOLLOWS)
        return SILENT;
      const { program, setting } = limit.words;
      const because = [
        cite(
          'limit',
          `the server said so itself: these are the words of ${program} at its limit (${setting})`,
          limit.number,
        ),
        cite(
          end === fin ? 'closing' : 'reset',
          `${seconds(Math.max(0, end.time - exchange.responder.lastDataTime))} later it ended the connection`,
          end.number,
        ),
      ];
      return supported('proof', because);
    }
    if (!closed.known || !closed.atOnce) return SILENT;
    const { end, by, ack, elapsed } = closed;
    const because = [
      cite(
        'acceptAndClose',
        `${seconds(elapsed)} after the handshake the server ended the connection with a ${by}, before it had read or sent a byte`,
        ack.number,
        end.number,
      ),
    ];
    if (!unaffectedConnections.known || unaffectedConnections.count === 0) return supported('weak', because);
    because.push(cite('unaffectedConnections', spared(unaffectedConnections), end.number));
    return supported('fair', because);
  },
  advice({ limit, unaffectedConnections, endpoints }) {
    const where = endpoints.known
      ? `${endpoints.server.address} port ${endpoints.server.port}`
      : 'the server';
    const setting = limit.known ? limit.words.setting : null;
    const others =
      unaffectedConnections.known && unaffectedConnections.count > 0
        ? ` (${thousands(unaffectedConnections.count)} others were served)`
        : '';
    return [
      {
        who: 'server',
        do:
          setting === null
            ? `Compare the limit of ${where} with its load at that moment${others}: Node server.maxConnections and its "drop" event, HAProxy maxconn, nginx limit_conn and worker_connections, database max_connections; raise it if the host can carry more`
            : `Raise ${setting} on ${where} if the host can carry more${others}, and look who holds the connections: ss -tn state established grouped by peer, Redis CLIENT LIST, pg_stat_activity, SHOW PROCESSLIST`,
      },
      {
        who: 'client',
        do: 'Bound the pools so that all instances together stay below the limit (instances × pool size), close what is idle, and put a pooler in front of a database (PgBouncer, ProxySQL, RDS Proxy)',
      },
      {
        who: 'client',
        do: 'Retry with growing delay and jitter: who is refused at accept was never served, so a retry is safe, but retries at once keep the server full',
      },
    ];
  },
  scenario: 'max-connections',
  examples: {
    match: [
      `# at the client: Redis says it, and the RST follows because the command was not read
server ip 10.0.0.2 port 6379 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "*1\\r\\n$4\\r\\nPING\\r\\n"
+0.080 < P. "-ERR max number of clients reached\\r\\n" ack 1
+0.080 < F. ack 1
+0.120 < R passive`,
      `# at the server: sshd drops before the banner, the client’s own banner is left unread
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 22 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 > P. "SSH-2.0-OpenSSH_9.2\\r\\n"
+0.042 < P. "Exceeded MaxStartups\\r\\n"
+0.042 < R.`,
      `# at the client: PostgreSQL, by the number of the error, then a FIN
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "\\0\\0\\0\\x17\\0\\x03\\0\\0user\\0postgres\\0\\0"
+0.082 < P. "E\\0\\0\\0\\x54SFATAL\\0VFATAL\\0C53300\\0Msorry, too many clients already\\0\\0"
+0.082 < F.
+0.082 > F.
+0.122 < .`,
      `# at the client, without a word: out of descriptors looks the same
server ip 10.0.0.2 port 3000 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.081 > F.
+0.121 < F.
+0.121 > .
---
+1.000 > S
+1.040 < S.
+1.040 > .
+1.081 < R.`,
    ],
    miss: [
      `# an error of another kind
server ip 10.0.0.2 port 6379 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "*1\\r\\n$4\\r\\nPING\\r\\n"
+0.081 < P. "-NOAUTH Authentication required.\\r\\n"
+0.082 < R.`,
      `# the server waited first
server ip 10.0.0.2 port 3000 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+10.00 < R.`,
    ],
  },
});
