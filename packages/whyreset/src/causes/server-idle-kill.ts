import { matchesOf } from '../evidence/exchange/known-timeout.ts';
import { seconds } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  parting: (gap: number, number: number) =>
    `after ${seconds(gap)} of silence the server sent a last message unasked (packet ${number}) and closed`,
  silent: (timer: number) => `it ended the connection ${seconds(timer)} after the last message before that`,
  waiting: 'the client was waiting for an answer when the server ended the connection',
  reset: (gap: number) =>
    `after ${seconds(gap)} of silence, with nothing outstanding, the server sent an active RST+ACK`,
};

/** Connections with the same silence that make it a timer. */
const SEVERAL = 3;

export default defineCause({
  id: 'server-idle-kill',
  taxonomy: 'I9',
  family: 'timed-out',
  baseRate: {
    is: 'common',
    source: 'databases, brokers and proxies have such timers by default (timeouts.tsv)',
  },
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
    'The connection was idle and the server ended it because a session or idle timeout ran out. ' +
    'Databases, message brokers, SSH and TCP proxies do so; some send a last message (an error, then FIN), some reset at once. ' +
    'The client had nothing outstanding, so nothing was lost; it learns of it only at its next use of the connection. ' +
    'There it sees "Connection terminated unexpectedly", "server has gone away", "terminating connection due to idle-session timeout", ECONNRESET, or EPIPE on a second write.',
  refines: ['keep-alive-race-crossing', 'stale-pool-reuse', 'write-after-close'],
  requires: ['idle', 'exchange'],
  mayUse: ['reset', 'closing', 'knownTimeout', 'neighbours', 'spokenReason'],
  examine({ idle, exchange, reset, closing, knownTimeout, neighbours, spokenReason }) {
    const fin = closing?.side === 'responder' ? closing.fin : null;
    // A last message says why; without readable words a shutdown or an operator looks the same.
    const words = spokenReason?.side === 'responder' && spokenReason.byEnding ? spokenReason : null;
    if (words?.class === 'idle-timeout') {
      const because = [cite('spokenReason', words.says, words.number)];
      if (!idle.idle || idle.sinceFrom === 'originator') return supported('fair', because);
      because.push(cite('idle', says.silent(idle.timer), idle.since, idle.ended));
      return supported('proof', because);
    }
    if (!idle.idle) return SILENT;
    if (words !== null && words.class !== 'goodbye')
      return doubted('spokenReason', words.says, [words.number]);
    const timers = knownTimeout === null ? [] : matchesOf(knownTimeout, 'responder');
    const timer =
      (neighbours?.sameSilence ?? 1) >= SEVERAL ||
      timers.some(({ what }) => what === 'db-session' || what === 'server-keepalive' || what === 'lb-idle');
    const parting = idle.parting && idle.brokenBy === 'responder' && fin !== null;
    if (parting && (reset === null || reset.packet.number > fin.number)) {
      const because = [cite('idle', says.parting(idle.gap, idle.until), idle.since, idle.until, fin.number)];
      return supported(timer ? 'strong' : 'fair', because);
    }
    if (reset?.side !== 'responder' || idle.brokenBy !== 'reset' || reset.shape !== 'active') return SILENT;
    if (exchange.unanswered)
      return contradicted('exchange', says.waiting, [exchange.originator.lastDataNumber]);
    return supported(timer ? 'strong' : 'fair', [
      cite('idle', says.reset(idle.gap), idle.since, reset.packet.number),
    ]);
  },
  headline: ({ idle }) =>
    idle === null
      ? null
      : `The server ends sessions that are idle for ${seconds(idle.timer)}; the client does not expect it`,
  advice({ idle }) {
    const timer = idle === null ? 'T' : seconds(idle.timer);
    return [
      {
        who: 'client',
        do: `Retire pooled connections before the server ends them: pool idle timeout or lifetime below ${timer} (HikariCP maxLifetime and keepaliveTime, pg idleTimeoutMillis, SQLAlchemy pool_recycle and pool_pre_ping, Go SetConnMaxIdleTime), or a query or heartbeat more often than that; TCP keep-alive alone does not reset a session timeout`,
      },
      {
        who: 'server',
        do: `Raise the timeout of ${timer} if such pauses are legitimate: idle_session_timeout, wait_timeout, timeout (Redis), ClientAliveInterval (sshd), HAProxy timeout client and server`,
      },
    ];
  },
  scenario: 'server-idle-kill',
  examples: {
    match: [
      `# a parting message, FIN, and the client's late query
server ip 10.0.0.2 port 5432 ttl 57
handshake 20ms
+0.021 > P. len 60
+0.041 < P. len 90
+0.081 > .
+28800.04 < P. len 110
+28800.04 < F.
+28800.08 > .
+28810.00 > P. len 60
+28810.02 < R passive`,
      `server ip 10.0.0.2 port 6379 ttl 57
handshake 20ms
+0.021 > P. len 60
+0.041 < P. len 90
+0.081 > .
+28800.04 < R.`,
    ],
    miss: [
      `# the client was waiting
server ip 10.0.0.2 port 5432 ttl 57
handshake 20ms
+0.021 > P. len 60
+0.041 < .
+28800.04 < R.`,
    ],
  },
});
