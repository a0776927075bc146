import { seconds, who } from '../evidence/packets.ts';
import { type Citation, cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** So many connections of one server in one instant are no coincidence. */
const MANY = 3;

export default defineLegacyCause({
  id: 'administrative-kill',
  taxonomy: 'D14',
  family: 'ended-unanswered',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Connection killed from outside: operator, tool or drain',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_STATE'],
  callPaths: ['killed'],
  counters: ['EstabResets', 'OutRsts'],
  references: ['ss(8), -K', 'tcpkill(8) of dsniff', 'Linux net/ipv4/tcp.c tcp_abort'],
  explain:
    'The connection was ended by somebody who was no party to it: an operator with ss -K, a tool such as tcpkill or cutter, a database administrator’s KILL, an orchestrator or balancer that drains a host. ' +
    'ss -K makes the kernel of that host send an ordinary active RST, at a time that has nothing to do with the traffic. ' +
    'tcpkill forges RSTs towards both ends, several each, with sequence numbers that climb by the window so that one of them hits. ' +
    'On a host where ss -K was used the program itself gets ECONNABORTED; the other side sees ECONNRESET, "connection reset by peer". ' +
    'On the wire the first kind looks like any abort of an application.',
  needs: [
    'reset',
    'endings',
    'exchange',
    'idle',
    'maker',
    'risingResets',
    'neighbours',
    'application',
    'kernelReason',
  ],
  refines: ['injected-reset'],
  examine(facts) {
    const { reset, endings, exchange, idle, maker, application } = facts;
    if (!reset.known || !exchange.known || !endings.known) return SILENT;
    const { number } = reset.packet;
    if (endings.closed.originator || endings.closed.responder) return SILENT;
    const { risingResets } = facts;
    if (risingResets.known && risingResets.both) {
      return supported(
        'strong',
        [
          cite(
            'risingResets',
            `${reset.all.length} RSTs in the names of both ends, with sequence numbers that climb past all that was sent: a tool guessed at the windows`,
            ...reset.all.slice(0, 6).map((p) => p.number),
          ),
        ],
        'middlebox',
      );
    }
    if (
      reset.shape !== 'active' ||
      (maker.known && (maker.middlebox === 'likely' || maker.middlebox === 'proven'))
    )
      return SILENT;
    const name = who(reset.side);
    const { neighbours, kernelReason } = facts;
    // A program that closes or aborts has left ESTABLISHED before its kernel sends (net/ipv4/tcp.c tcp_disconnect); tcp_abort has not.
    const state =
      kernelReason.known && kernelReason.certain && kernelReason.reason === 'TCP_STATE'
        ? kernelReason.state
        : null;
    if (state === 'TCP_CLOSE')
      return contradicted(
        'kernelReason',
        `the ${name}’s own program, or the end of its listener, had closed the socket before the RST was sent`,
        [number],
      );
    if (state === 'TCP_ESTABLISHED' && kernelReason.known)
      return supported('strong', [
        cite('kernelReason', kernelReason.says, number),
        cite(
          'reset',
          `its socket was still ESTABLISHED then: somebody else than the ${name}’s program asked for it (ss -K, a BPF program)`,
          number,
        ),
      ]);
    const many =
      neighbours.known && neighbours.sameInstant >= MANY && !exchange.silent ? neighbours.sameInstant : 0;
    const quiet =
      idle.known && idle.silent && idle.brokenBy === 'reset' && !exchange.unanswered ? idle : null;
    if (many === 0 && (quiet === null || reset.side === 'originator')) {
      // On the wire a kill looks like any abort: it is only never excluded.
      if (reset.side === 'originator' || exchange.unanswered || exchange.responses === 0) return SILENT;
      return supported('weak', [
        cite(
          'reset',
          `the ${name} aborted with nothing outstanding, as it does when somebody kills the connection`,
          number,
        ),
      ]);
    }
    // What had been left unread, or unanswered in full, has a nearer explanation.
    if (application.known && application.requestLacks > 0) return SILENT;
    const because: Citation[] = [];
    if (quiet !== null)
      because.push(
        cite(
          'idle',
          `the ${name}’s active RST+ACK came out of ${seconds(quiet.gap)} of silence, with nothing outstanding on either side`,
          quiet.since,
          number,
        ),
      );
    if (many > 0)
      because.push(
        cite('neighbours', `${many} connections to this server were reset in the same instant`, number),
      );
    // Where the server had not said a word, its program may never have seen the connection: a listener that ends does that.
    return supported(exchange.responses === 0 ? 'weak' : 'fair', because);
  },
  advice({ reset, neighbours }) {
    const side = reset.known ? who(reset.side) : 'server';
    const many =
      neighbours.known && neighbours.sameInstant >= MANY
        ? ` (${neighbours.sameInstant} connections went at that moment)`
        : '';
    return [
      {
        who: side,
        do: `Ask who or what acted on the ${side}’s host at that second${many}: shell history and audit log for ss -K, tcpkill, KILL in the database, a drain or rollout of the orchestrator, a security agent. A tracepoint tcp:tcp_send_reset with reason TCP_STATE names the process (comm ss)`,
      },
      {
        who: 'client',
        do: 'Reconnect with a delay and jitter, and repeat what is idempotent; when a whole host is drained all clients come at once',
      },
    ];
  },
  scenario: 'admin-kill',
  examples: {
    match: [
      `server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
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
    ],
    miss: [
      `# a request was waiting for its answer
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 60
+0.041 < .
+17.30 < R.`,
    ],
  },
});
