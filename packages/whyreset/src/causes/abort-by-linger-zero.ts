import { bytes, seconds, who } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** A client that aborts on purpose does so right behind its own data: two round trips, or this many seconds. */
const RIGHT_BEHIND = 0.05;

export default defineLegacyCause({
  id: 'abort-by-linger-zero',
  taxonomy: 'D3',
  family: 'ended-unanswered',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Connection aborted on purpose by the application (SO_LINGER 0)',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_STATE'],
  callPaths: ['linger'],
  counters: ['TCPAbortOnData', 'EstabResets', 'OutRsts'],
  references: [
    'Linux socket(7), SO_LINGER',
    'Node net socket.resetAndDestroy()',
    'Linux net/ipv4/tcp.c tcp_disconnect',
  ],
  explain:
    'A program ended the connection with an abort instead of a close: SO_LINGER with timeout 0, resetAndDestroy() in Node, SetLinger(0) in Go, or a server that does so by configuration. ' +
    'Its kernel sends RST+ACK in the place of the FIN and forgets the connection at once, without TIME_WAIT. ' +
    'What it had written but not yet sent is thrown away; what had already arrived on the other side can still be read there. ' +
    'Load balancers, proxies and busy servers do it on purpose to save TIME_WAIT sockets, and programs do it in their error paths. ' +
    'The other side sees ECONNRESET, "connection reset by peer", although it may have received a complete response.',
  needs: ['reset', 'endings', 'exchange', 'unread', 'idle', 'rtt', 'application', 'requestProgress'],
  refines: [],
  examine(facts) {
    const { reset, endings, exchange, idle, application } = facts;
    if (!reset.known || !exchange.known || !endings.known || exchange.silent) return SILENT;
    const { number, time } = reset.packet;
    if (reset.shape !== 'active') {
      return reset.shape === 'passive' && exchange.requests > 0
        ? contradicted('reset', 'the bare RST answers a packet; an abort sends RST+ACK on its own account', [
            number,
          ])
        : SILENT;
    }
    if (endings.closed[reset.side]) return SILENT;
    const name = who(reset.side);
    const because = [cite('reset', `the ${name} sent an active RST+ACK in the place of a FIN`, number)];
    const { rtt } = facts;
    if (reset.side === 'originator') {
      const own = exchange.originator.lastDataTime;
      const roundTrip = rtt.known ? Math.max(rtt.originator, 0) + Math.max(rtt.responder, 0) : 0;
      if (!exchange.unanswered || time - own > Math.max(RIGHT_BEHIND, 2 * roundTrip)) return SILENT;
      because.push(
        cite(
          'exchange',
          `right behind its own data, after ${seconds(time - own)}`,
          exchange.originator.lastDataNumber,
          number,
        ),
      );
      return supported('fair', because);
    }
    const { unread, requestProgress } = facts;
    const left =
      (unread.known && (unread.midTurn || unread.shrunk !== null)) ||
      (requestProgress.known &&
        (requestProgress.lacks > 0 || requestProgress.extra > 0 || requestProgress.headersOpen));
    if (left) return supported('weak', because);
    if (exchange.unanswered) {
      because.push(
        cite(
          'exchange',
          `${seconds(time - exchange.originator.lastDataTime)} after the client’s last ${bytes(application.known ? application.requestLength : exchange.originator.sent)}, which got no answer`,
          exchange.originator.lastDataNumber,
          number,
        ),
      );
      return supported('fair', because);
    }
    const quiet = time - exchange.responder.lastDataTime;
    because.push(
      cite(
        'exchange',
        `it had answered all that the client sent, so nothing was left unread; the RST came ${seconds(quiet)} after its own last byte`,
        exchange.responder.lastDataNumber,
        number,
      ),
    );
    // Out of a silence it may be a timeout or an operator as well, and a body may hold unread bytes.
    const unmeasured = requestProgress.known && requestProgress.lacks < 0 && requestProgress.bodied;
    return supported((idle.known && idle.silent) || unmeasured ? 'fair' : 'strong', because);
  },
  advice({ reset, exchange }) {
    const side = reset.known ? who(reset.side) : 'server';
    const after =
      reset.known && exchange.known && reset.side === 'responder' && !exchange.unanswered
        ? `, ${seconds(reset.packet.time - exchange.responder.lastDataTime)} after the last response byte`
        : '';
    return [
      {
        who: side,
        do: `Find the abort in the ${side}’s program${after}: SO_LINGER with 0, resetAndDestroy(), SetLinger(0), an error path that destroys sockets; strace -e trace=setsockopt,close shows it. Use an ordinary close, or shutdown and drain, where the peer should see an orderly end`,
      },
      {
        who: side,
        do: 'If it is a proxy or balancer: HAProxy "option nolinger", nginx reset_timedout_connection, lingering_close off',
      },
      {
        who: side === 'server' ? 'client' : 'server',
        do:
          after === ''
            ? 'Treat it as unknown whether the request was carried out: repeat only what is idempotent'
            : 'The response had arrived in full order: take it and do not report the reset, unless the next request was already on its way',
      },
    ];
  },
  scenario: 'rst-abortive',
  examples: {
    match: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 < R.`,
    ],
    miss: [
      `# a polite end
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 < F.
+0.062 > .
+1.000 > P. len 20
+1.020 < R passive`,
    ],
  },
});
