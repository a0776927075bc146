import { spared } from '../evidence/around/unaffected-connections.ts';
import { seconds } from '../evidence/packets.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

/** The end belongs to the words when it follows this soon, seconds. */
const FOLLOWS = 1;

const says = {
  words: (program: string, setting: string) =>
    `the server says it itself: these are the words of ${program} at its limit (${setting})`,
  ended: (after: number) => `${seconds(Math.max(0, after))} later it ended the connection`,
};

export default defineCause({
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
  refines: [
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'server-idle-kill',
    'client-gave-up',
    'client-reset-after-response',
  ],
  requires: [],
  mayUse: ['limit', 'acceptAndClose', 'closing', 'reset', 'exchange', 'unaffectedConnections', 'endpoints'],
  examine({ limit, acceptAndClose: closed, closing, reset, exchange, unaffectedConnections }) {
    if (limit !== null) {
      const fin = closing?.side === 'responder' ? closing.fin : null;
      const rst = reset?.side === 'responder' ? reset.packet : null;
      const end = fin !== null && (rst === null || fin.number < rst.number) ? fin : rst;
      if (end === null || exchange === null) return SILENT;
      const after = end.time - exchange.responder.lastDataTime;
      if (after > FOLLOWS) return SILENT;
      const { program, setting } = limit.words;
      return supported('proof', [
        cite('limit', says.words(program, setting), limit.number),
        cite(end === fin ? 'closing' : 'reset', says.ended(after), end.number),
      ]);
    }
    if (closed === null || !closed.atOnce) return SILENT;
    const because = [cite('acceptAndClose', closed.says, ...closed.packets)];
    if (unaffectedConnections === null || unaffectedConnections.count === 0)
      return supported('weak', because);
    because.push(cite('unaffectedConnections', spared(unaffectedConnections), closed.end.number));
    return supported('fair', because);
  },
  headline: ({ limit, endpoints }) =>
    limit === null || endpoints === null
      ? null
      : `${endpoints.server.address}:${endpoints.server.port} is at its limit of connections and says so: ${limit.words.program}, ${limit.words.setting}`,
  advice: ({ limit }) => [
    {
      who: 'server',
      do:
        limit === null
          ? 'Compare the limit of connections with their number at that moment (Node server.maxConnections and its "drop" event, HAProxy maxconn, nginx limit_conn and worker_connections, database max_connections), and raise it if the host can carry more'
          : `Raise ${limit.words.setting} if the host can carry more, and look what holds the connections: ss -tn state established, Redis CLIENT LIST, pg_stat_activity, SHOW PROCESSLIST`,
    },
    {
      who: 'client',
      do: 'Bound the pools so that all instances together stay below the limit (instances × pool size), close what is idle, and put a pooler in front of a database (PgBouncer, ProxySQL, RDS Proxy)',
    },
  ],
  scenario: 'max-connections',
  examples: {
    match: [
      String.raw`# at the client: Redis says it, and the RST follows because the command was not read
server ip 10.0.0.2 port 6379 ttl 57
handshake 40ms
+0.041 request "*1\r\n$4\r\nPING\r\n"
+0.080 response "-ERR max number of clients reached\r\n" ack 1
+0.080 < F. ack 1
+0.120 < R passive`,
      String.raw`# at the server: sshd drops before the banner, the client’s own banner is left unread
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 22 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 request "SSH-2.0-OpenSSH_9.2\r\n"
+0.042 response "Exceeded MaxStartups\r\n"
+0.042 < R.`,
      String.raw`# at the client: PostgreSQL, by the number of the error, then a FIN
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 request "\0\0\0\x17\0\x03\0\0user\0postgres\0\0"
+0.082 response "E\0\0\0\x54SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0"
+0.082 < F.
+0.082 > F.
+0.122 < .`,
      String.raw`# at the client, with no message: out of descriptors looks the same
server ip 10.0.0.2 port 3000 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > F.
+0.121 < F.
+0.121 > .
---
+1.000 handshake 40ms
+1.081 < R.`,
    ],
    miss: [
      String.raw`# an error of another kind
server ip 10.0.0.2 port 6379 ttl 57
handshake 40ms
+0.041 request "*1\r\n$4\r\nPING\r\n"
+0.081 response "-NOAUTH Authentication required.\r\n"
+0.082 < R.`,
      `# the server waited first
server ip 10.0.0.2 port 3000 ttl 57
handshake 40ms
+10.00 < R.`,
    ],
  },
});
