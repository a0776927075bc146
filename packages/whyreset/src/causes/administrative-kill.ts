import { accepts } from '../evidence/around/next-attempts.ts';
import { seconds, thousands, who } from '../evidence/packets.ts';
import { MANY } from '../evidence/thresholds.ts';
import { type Citation, cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  rising: (count: number) =>
    `${count} RSTs in the names of both ends, with sequence numbers that climb past all that was sent: a tool guessed at the windows`,
  closed: (name: string) =>
    `the socket was closed before the RST was sent: by the ${name}’s own program, or by the end of its listener`,
  established: (name: string) =>
    `the socket was still ESTABLISHED when the RST was made: not the ${name}’s program asked for it, but a tool (ss -K, a BPF program)`,
  emptied: (before: number, after: number) =>
    `the window of the RST is ${after}, after ${before} in the packet before: the receive queue was emptied by a close; ss -K leaves it as it is`,
  window: (before: number) =>
    `the window of the RST is still ${before}: the receive queue was not emptied, as by ss -K or in an accept queue`,
  quiet: (gap: number) =>
    `it came out of ${seconds(gap)} of silence, with nothing outstanding on either side`,
  many: (count: number) => `${thousands(count)} connections to this server ended in the same instant`,
};

export default defineCause({
  id: 'administrative-kill',
  taxonomy: 'D14',
  family: 'ended-unanswered',
  baseRate: { is: 'rare', source: 'none of 31 public threads, 2017 to 2026; single reports of failover' },
  title: 'Connection killed from outside: operator, tool or drain',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_STATE'],
  callPaths: ['killed'],
  counters: ['EstabResets', 'OutRsts'],
  references: ['ss(8), -K', 'tcpkill(8) of dsniff', 'Linux net/ipv4/tcp.c tcp_abort'],
  explain:
    'The connection was ended from outside: by an operator with ss -K, a tool such as tcpkill or cutter, a database administrator’s KILL, an orchestrator or balancer that drains a host. ' +
    'ss -K makes the kernel of that host send an ordinary active RST, at a time that has nothing to do with the traffic. ' +
    'tcpkill forges RSTs towards both ends, several each, with sequence numbers that climb by the window so that one of them hits. ' +
    'On a host where ss -K was used the program itself gets ECONNABORTED; the other side sees ECONNRESET, "connection reset by peer". ' +
    'On the wire the first kind looks like any abort of an application.',
  refines: ['injected-reset', 'write-after-close', 'keep-alive-race-crossing', 'stale-pool-reuse'],
  requires: ['endings'],
  mayUse: [
    'reset',
    'abort',
    'idle',
    'risingResets',
    'neighbours',
    'kernelReason',
    'resetWindow',
    'spokenReason',
    'nextAttempts',
  ],
  examine(facts) {
    const { reset, endings, abort, idle, risingResets, neighbours, kernelReason, resetWindow } = facts;
    const { nextAttempts } = facts;
    const words = facts.spokenReason?.byEnding ? facts.spokenReason : null;
    if (words?.class === 'administrator')
      return supported('strong', [cite('spokenReason', words.says, words.number)], words.side);
    if (reset === null) return SILENT;
    const { number } = reset.packet;
    if (endings.closed.originator || endings.closed.responder) return SILENT;
    if (risingResets?.both === true) {
      const packets = reset.all.slice(0, 6).map((p) => p.number);
      return supported(
        'strong',
        [cite('risingResets', says.rising(reset.all.length), ...packets)],
        'middlebox',
      );
    }
    if (reset.shape !== 'active') return SILENT;
    // A program that closes or aborts has left ESTABLISHED before its kernel sends (net/ipv4/tcp.c tcp_disconnect); tcp_abort has not.
    const known = kernelReason?.certain === true && kernelReason.reason === 'TCP_STATE' ? kernelReason : null;
    if (known?.state === 'TCP_CLOSE')
      return contradicted('kernelReason', says.closed(who(reset.side)), [number]);
    if (known?.state === 'TCP_ESTABLISHED')
      return supported('strong', [
        cite('kernelReason', known.says, number),
        cite('reset', says.established(who(reset.side)), number),
      ]);
    if (abort === null || abort.side === 'originator') return SILENT;
    if (resetWindow?.change === 'reopened')
      return doubted('resetWindow', says.emptied(resetWindow.before, resetWindow.after), [
        resetWindow.last.number,
        number,
      ]);
    const because: Citation[] = [cite('abort', abort.says, ...abort.packets)];
    const unread = resetWindow?.change === 'unchanged' ? resetWindow : null;
    if (unread !== null)
      because.push(cite('resetWindow', says.window(unread.before), unread.last.number, number));
    // Neither a program that closes nor the end of the listener leaves these two together.
    const served = unread !== null && nextAttempts !== null && accepts(nextAttempts);
    if (served) because.push(cite('nextAttempts', nextAttempts.says, number));
    const quiet = idle?.idle === true && idle.brokenBy === 'reset' && abort.owed === 'nothing';
    if (quiet) because.push(cite('idle', says.quiet(idle.gap), idle.since, number));
    const many = neighbours !== null && neighbours.sameInstant >= MANY ? neighbours.sameInstant : 0;
    if (many > 0) because.push(cite('neighbours', says.many(many), number));
    // On the wire a kill looks like any abort: it is never excluded, and named only with a second sign.
    const signs = Number(many > 0) + Number(quiet) + Number(unread !== null) + Number(served);
    const drained = many > 0 && abort.owed === 'nothing';
    return supported(signs > 1 || quiet || drained ? 'fair' : 'weak', because);
  },
  headline: ({ spokenReason }) =>
    spokenReason?.class === 'administrator'
      ? `The ${who(spokenReason.side)} ended the connection on an administrator’s command (${spokenReason.quote})`
      : null,
  advice({ reset, neighbours, spokenReason }) {
    const words = spokenReason?.class === 'administrator' ? spokenReason : null;
    const side = words !== null ? who(words.side) : reset === null ? 'server' : who(reset.side);
    const many =
      neighbours !== null && neighbours.sameInstant >= MANY
        ? ` (${thousands(neighbours.sameInstant)} connections went at that moment)`
        : '';
    return [
      {
        who: side,
        do: `Find what acted on the ${side}’s host at that second${many}: shell history and audit log for ss -K and tcpkill, KILL in the database, a drain or rollout of the orchestrator, a security agent. The tracepoint tcp:tcp_send_reset with reason TCP_STATE names the process (comm ss)`,
      },
      {
        who: 'client',
        do: 'Reconnect with a delay and jitter: when a host is drained, all clients come at once',
      },
    ];
  },
  scenario: 'admin-kill',
  examples: {
    match: [
      `server ip 10.0.0.2 port 5432 ttl 57
handshake 20ms
+0.021 > P. len 60
+0.041 < P. len 90
+0.081 > .
+17.30 < R.`,
      `# tcpkill: three each way, with rising sequence numbers
client ip 10.0.0.1 port 40000 ttl 60
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.020 < S.
+0.040 > .
+0.041 > P. len 60
+0.061 < P. len 90
+0.062 < R seq 91 win 0 nots id 1
+0.062 < R seq 600 win 0 nots id 2
+0.062 < R seq 1600 win 0 nots id 3
+0.063 > R seq 61 win 0 nots id 4
+0.063 > R seq 600 win 0 nots id 5
+0.063 > R seq 1600 win 0 nots id 6`,
      String.raw`# PostgreSQL says it: pg_terminate_backend, or a fast shutdown
server ip 10.0.0.2 port 5432 ttl 57
handshake 20ms
+0.041 request "\x00\x00\x00\x17\x00\x03\x00\x00user\x00a\x00\x00aaaaa"
+0.061 response "R\x00\x00\x00\x08\x00\x00\x00\x00Z\x00\x00\x00\x05I"
+0.081 > .
+17.30 response "E\x00\x00\x00\x5bSFATAL\x00VFATAL\x00C57P01\x00Mterminating connection due to administrator command\x00Fp\x00L1\x00\x00"
+17.30 < F.
+17.32 > .
+30.00 > P. len 40
+30.02 < R passive`,
    ],
    miss: [
      `# the server closed in order
server ip 10.0.0.2 port 5432 ttl 57
handshake 20ms
+0.021 > P. len 60
+0.041 < P. len 90
+17.30 < F.
+17.30 > .
+17.40 > P. len 60
+17.42 < R passive`,
    ],
  },
});
