import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { bytes, seconds, who } from '../evidence/packets.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

/** Shorter silences are no box's idle timeout, seconds. */
const SHORTEST_TIMEOUT = 30;

export default defineCause({
  id: 'middlebox-idle-silent-drop',
  taxonomy: 'I6',
  family: 'no-reply',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'A box on the path forgot the idle connection and drops its packets',
  resetBy: 'path',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_KEEPALIVE_TIMEOUT'],
  counters: ['TcpRetransSegs', 'TCPAbortOnTimeout'],
  references: [
    'Azure Load Balancer: idle timeout without TCP reset (240 s)',
    'Linux net.netfilter.nf_conntrack_tcp_timeout_established',
    'crate/crate#10779',
  ],
  explain:
    'The connection was silent for so long that a NAT, firewall or balancer on the way dropped it from its table, without telling anybody. ' +
    'When one side sent its next packets, they vanished: they were repeated at growing distances and nothing ever came back. ' +
    'No RST is needed for the damage: the program hangs until its own timeout or, after 13 to 30 minutes, the kernel’s (ETIMEDOUT). ' +
    'A host that died or was cut off looks the same on the wire, but does not happen only after pauses. ' +
    'Programs report timeouts rather than resets: ETIMEDOUT, "Read timed out", UND_ERR_HEADERS_TIMEOUT, i/o timeout, and sometimes ECONNRESET when the other end comes back much later.',
  requires: ['idle'],
  mayUse: ['reset', 'loss', 'knownTimeout', 'neighbours', 'probes'],
  refines: ['client-gave-up'],
  examine(facts) {
    const { reset, idle } = facts;
    if (!idle.idle) return SILENT;
    const { loss } = facts;
    if (loss === null || loss.unanswered.length < 2) return SILENT;
    const [repetition] = loss.unanswered;
    if (repetition === undefined || idle.brokenBy !== repetition.from) return SILENT;
    // A side that answers, be it with a RST, has not been cut off.
    if (loss.heardSince !== null || (reset !== null && reset.side !== repetition.from)) return SILENT;
    const speaker = repetition.from;
    const peer = speaker === 'originator' ? 'responder' : 'originator';
    const numbers = loss.unanswered.slice(0, 3).map((p) => p.number);
    const because = [
      cite(
        'loss',
        `packet ${idle.until} of the ${who(speaker)} (${bytes(repetition.length)}) was repeated ${loss.unanswered.length} times over ${seconds(loss.span)}, and nothing ever came back from the ${who(peer)}`,
        idle.until,
        ...numbers,
      ),
      cite(
        'idle',
        `it was the first packet after ${seconds(idle.gap)} of silence; until then both sides had answered`,
        idle.since,
        idle.until,
      ),
    ];
    const { knownTimeout } = facts;
    const path = knownTimeout !== null ? [...matchesOf(knownTimeout, 'path'), ...knownTimeout.outlasted] : [];
    if (path.length > 0)
      because.push(
        cite('knownTimeout', `such a silence reaches the idle timeout of ${named(path)}`, idle.until),
      );
    const { probes } = facts;
    if (probes !== null && probes.unanswered.length > 0)
      because.push(
        cite(
          'probes',
          `${probes.unanswered.length} keep-alive probes stayed unanswered as well`,
          probes.unanswered[0]!.number,
        ),
      );
    const { neighbours } = facts;
    if (neighbours !== null && neighbours.troubled > 1)
      because.push(
        cite('neighbours', `${neighbours.troubled} connections to this server ended in trouble`, idle.until),
      );
    return supported(idle.gap >= SHORTEST_TIMEOUT ? 'strong' : 'fair', because, 'middlebox');
  },
  advice({ idle, knownTimeout }) {
    const gap = idle !== null ? seconds(idle.gap) : 'T';
    const path = knownTimeout !== null ? [...matchesOf(knownTimeout, 'path'), ...knownTimeout.outlasted] : [];
    return [
      {
        who: 'client',
        do: `Keep the connection from being silent for ${gap}: TCP keep-alive with a first probe well below it (TCP_KEEPIDLE, Node socket.setKeepAlive(true, ms), Go Dialer.KeepAlive, PostgreSQL keepalives_idle), or a pool idle timeout below it`,
      },
      {
        who: 'client',
        do: 'Bound how long a dead connection can hang: TCP_USER_TIMEOUT, and timeouts of the protocol for headers and body',
      },
      {
        who: 'path',
        do: `Raise the idle timeout of the balancer, NAT or firewall above ${gap}${path.length > 0 ? ` (suspects by default value: ${named(path)})` : ''}, or let it send resets at expiry (Azure enableTcpReset) so that the ends learn of it`,
      },
      {
        who: 'server',
        do: 'Use TCP keep-alive too, or the half that was cut off stays open on the server for hours',
      },
    ];
  },
  scenario: 'nat-idle-drop',
  examples: {
    match: [
      `server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+3605.0 > P. len 60
+3605.3 > P. len 60 seq 61
+3605.9 > P. len 60 seq 61
+3607.1 > P. len 60 seq 61
+3609.5 > P. len 60 seq 61`,
    ],
    miss: [
      `# repeated once, then answered
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+3605.0 > P. len 60
+3605.3 > P. len 60 seq 61
+3605.9 > P. len 60 seq 61
+3605.94 < P. len 90
+3606.0 < R.`,
    ],
  },
});
