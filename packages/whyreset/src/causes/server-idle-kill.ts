import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { seconds } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

export default defineLegacyCause({
  id: 'server-idle-kill',
  taxonomy: 'I9',
  family: 'timed-out',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Server ended an idle session: session or idle timeout',
  resetBy: 'responder',
  benign: false,
  kernelReasons: [
    'SK_RST_REASON_TCP_STATE',
    'SK_RST_REASON_TCP_ABORT_ON_DATA',
    'SK_RST_REASON_TCP_TIMEWAIT_SOCKET',
  ],
  counters: ['TCPAbortOnData', 'OutRsts'],
  references: [
    'PostgreSQL idle_session_timeout, idle_in_transaction_session_timeout',
    'MySQL wait_timeout, interactive_timeout',
    'Redis timeout',
  ],
  explain:
    'The connection was idle and the server ended it on its own account, because a session or idle timeout ran out. ' +
    'Databases, message brokers, SSH and TCP proxies do so; some say goodbye first (an error message, then FIN), some reset at once. ' +
    'The client had nothing outstanding, so nothing was lost; it learns of it only at its next use of the connection. ' +
    'There it sees "Connection terminated unexpectedly", "server has gone away", "terminating connection due to idle-session timeout", ECONNRESET, or EPIPE on a second write.',
  needs: ['reset', 'closing', 'exchange', 'idle', 'knownTimeout', 'neighbours', 'maker'],
  refines: ['keep-alive-race-crossing', 'stale-pool-reuse', 'write-after-close'],
  examine(facts) {
    const { reset, closing, exchange, idle, maker } = facts;
    if (!idle.known || !idle.idle || !exchange.known) return SILENT;
    const because = [];
    const fin = closing.known && closing.side === 'responder' ? closing.fin : null;
    if (
      idle.parting &&
      idle.brokenBy === 'responder' &&
      fin !== null &&
      (!reset.known || reset.packet.number > fin.number)
    ) {
      because.push(
        cite(
          'idle',
          `after ${seconds(idle.gap)} of silence the server spoke unasked (packet ${idle.until}) and closed: its parting words`,
          idle.since,
          idle.until,
          fin.number,
        ),
      );
    } else {
      if (!reset.known || reset.side !== 'responder' || idle.brokenBy !== 'reset') return SILENT;
      if (exchange.unanswered) {
        return contradicted(
          'exchange',
          'the client was waiting for an answer when the server ended the connection',
          [exchange.originator.lastDataNumber],
        );
      }
      if (
        reset.shape !== 'active' ||
        (maker.known && (maker.middlebox === 'likely' || maker.middlebox === 'proven'))
      )
        return SILENT;
      because.push(
        cite(
          'idle',
          `after ${seconds(idle.gap)} of silence, with nothing outstanding, the server sent an active RST+ACK of its own accord`,
          idle.since,
          reset.packet.number,
        ),
      );
    }
    const { knownTimeout } = facts;
    const servers = knownTimeout.known
      ? matchesOf(knownTimeout, 'responder').filter(
          ({ what }) => what === 'db-session' || what === 'server-keepalive' || what === 'lb-idle',
        )
      : [];
    const { neighbours } = facts;
    const alike = neighbours.known ? neighbours.sameSilence : 1;
    if (servers.length > 0)
      because.push(
        cite('knownTimeout', `${seconds(idle.timer)} is a known default of ${named(servers)}`, idle.ended),
      );
    if (alike > 1)
      because.push(
        cite(
          'neighbours',
          `${alike} connections to this server were ended after the same silence`,
          idle.ended,
        ),
      );
    if (idle.parting) return supported('proof', because);
    return supported(servers.length > 0 || alike >= 3 ? 'strong' : 'fair', because);
  },
  advice({ idle, knownTimeout }) {
    const timer = idle.known ? seconds(idle.timer) : 'T';
    const servers = knownTimeout.known ? matchesOf(knownTimeout, 'responder') : [];
    const names = servers.length > 0 ? ` (default of ${named(servers)})` : '';
    return [
      {
        who: 'client',
        do: `Give pooled connections back before the server takes them: pool idle timeout or lifetime below ${timer} (HikariCP maxLifetime and keepaliveTime, pg idleTimeoutMillis, SQLAlchemy pool_recycle and pool_pre_ping, Go SetConnMaxIdleTime)`,
      },
      {
        who: 'client',
        do: `Or keep the session busy with a query or a protocol heartbeat more often than every ${timer}; TCP keep-alive alone does not reset a session timeout`,
      },
      {
        who: 'server',
        do: `Raise the timeout of ${timer}${names} if such pauses are legitimate: idle_session_timeout, wait_timeout, timeout (Redis), ClientAliveInterval (sshd), HAProxy timeout client and server`,
      },
    ];
  },
  scenario: 'server-idle-kill',
  examples: {
    match: [
      `# a parting message, FIN, and the client's late query
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 60
+0.041 < P. len 90
+0.081 > .
+28800.04 < P. len 110
+28800.04 < F.
+28800.08 > .
+28810.00 > P. len 60
+28810.02 < R passive`,
      `server ip 10.0.0.2 port 6379 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 60
+0.041 < P. len 90
+0.081 > .
+28800.04 < R.`,
    ],
    miss: [
      `# the client was waiting
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 60
+0.041 < .
+28800.04 < R.`,
    ],
  },
});
