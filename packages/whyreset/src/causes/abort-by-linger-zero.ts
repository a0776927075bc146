import { eventIn } from '../evidence/around/neighbours.ts';
import { MANY } from '../evidence/thresholds.ts';
import { cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  fin: 'its side had closed with a FIN before; an abort sends a RST in the place of the FIN',
  window: (before: number) =>
    `the window of the RST is still ${before}: no program closed the socket, which would have emptied the receive queue`,
  answered:
    'it sent its last data after all that the client sent; the packets do not show whether bytes were left unread',
};

export default defineCause({
  id: 'abort-by-linger-zero',
  taxonomy: 'D3',
  family: 'ended-unanswered',
  baseRate: {
    is: 'rare',
    source: 'SO_LINGER 0 is set on purpose only; 2 of 31 public threads, 2017 to 2026',
  },
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
  refines: [],
  requires: ['reset', 'endings'],
  mayUse: ['abort', 'resetWindow', 'idle', 'requestProgress', 'neighbours', 'zeroWindow'],
  examine({ reset, endings, abort, resetWindow, idle, requestProgress, neighbours, zeroWindow }) {
    if (endings.closed[reset.side])
      return reset.shape === 'passive' ? contradicted('endings', says.fin, [reset.packet.number]) : SILENT;
    if (abort === null) return SILENT;
    const { side, owed, prompt, left, packet } = abort;
    if (resetWindow?.change === 'unchanged')
      return doubted('resetWindow', says.window(resetWindow.before), [
        resetWindow.last.number,
        packet.number,
      ]);
    const because = [cite('abort', abort.says, ...abort.packets)];
    // A client that waits first has run out of patience; one that aborts on purpose does so behind its own data.
    if (side === 'originator') return owed === 'nothing' && prompt ? supported('fair', because) : SILENT;
    if (left.length > 0) return supported('weak', because);
    if (owed === 'answer') return supported(prompt ? 'fair' : 'weak', because);
    // The other side took nothing more: a write timeout before it is an abort behind an answer.
    if ((zeroWindow?.span[side === 'responder' ? 'originator' : 'responder'] ?? 0) > 0)
      return supported('weak', because);
    if (owed !== 'nothing') return supported('fair', because);
    because.push(cite('abort', says.answered, ...abort.packets));
    // Out of a silence it may be a timeout or an operator as well, and a body may hold unread bytes.
    const unmeasured = requestProgress !== null && requestProgress.lacks < 0 && requestProgress.bodied;
    // Many at one moment are no abort behind the answer of each.
    const together = neighbours !== null && neighbours.sameInstant >= MANY && eventIn(neighbours) !== null;
    return supported(idle?.silent === true || unmeasured || together ? 'fair' : 'strong', because);
  },
  advice({ abort }) {
    const side = abort?.side === 'originator' ? 'client' : 'server';
    return [
      {
        who: side,
        do: 'Find the abort in the program (SO_LINGER with 0, resetAndDestroy(), SetLinger(0), an error path that destroys sockets; HAProxy "option nolinger", nginx reset_timedout_connection): strace -f -e trace=setsockopt,close shows it. Where the peer is to see an orderly end, close without SO_LINGER',
      },
    ];
  },
  scenario: 'rst-abortive',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 < R.`,
    ],
    miss: [
      String.raw`# a polite end
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 < F.
+0.062 > .
+1.000 > P. len 20
+1.020 < R passive`,
    ],
  },
});
