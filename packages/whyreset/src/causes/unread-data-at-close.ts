import { bytes } from '../evidence/packets.ts';
import { MANY } from '../evidence/thresholds.ts';
import { type Citation, cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  fin: 'its side had closed with a FIN; a kernel that finds unread bytes at the close sends a RST in its place',
  window: (before: number) =>
    `the window of the RST is still ${before}: the receive queue was not emptied, as every close of a program does`,
  answered:
    'its last data came after all that had arrived; unread bytes would be bytes that it had answered, or a pipelined request',
  unmeasured: (method: string) =>
    `the server had answered, but whether it had read the ${method} request to its end is not known`,
};

export default defineCause({
  id: 'unread-data-at-close',
  taxonomy: 'D2',
  family: 'ended-unanswered',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Socket closed with received data still unread',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  counters: ['TCPAbortOnClose', 'EstabResets', 'OutRsts'],
  references: [
    'RFC 2525 §2.17 (failure to RST on close with data pending)',
    'RFC 1122 §4.2.2.13',
    'Linux net/ipv4/tcp.c __tcp_close',
  ],
  explain:
    'A program closed its socket, or ended, while bytes from the other side were still waiting in the kernel’s receive buffer. ' +
    'A kernel that must throw away received data tells the sender so with a RST+ACK instead of a FIN. ' +
    'The program often does not know it: it closed after an error, stopped reading at a limit, left a worker, or answered without reading the request to its end. ' +
    'A response that it had just written may be lost as well, because the RST lets the other side’s kernel drop what it has not yet sent on. ' +
    'The other side sees ECONNRESET, "connection reset by peer", "read ECONNRESET", curl 56, or EPIPE while it is still writing.',
  refines: [],
  requires: ['reset', 'endings', 'exchange'],
  mayUse: ['abort', 'resetWindow', 'requestProgress', 'resetBehindFin', 'neighbours'],
  examine({
    reset,
    endings,
    exchange,
    abort,
    resetWindow,
    requestProgress,
    resetBehindFin: behind,
    neighbours,
  }) {
    // Many at once is a kernel that threw them away (tcp-memory-exhausted).
    const many = neighbours !== null && neighbours.sameInstant >= MANY;
    if (behind !== null && !exchange.silent)
      return supported(
        many ? 'weak' : behind.side === 'responder' ? 'strong' : 'fair',
        [cite('resetBehindFin', behind.says, behind.fin.number, behind.packet.number)],
        behind.side,
      );
    if (endings.closed[reset.side])
      return reset.shape === 'passive' ? contradicted('endings', says.fin, [reset.packet.number]) : SILENT;
    if (abort === null || abort.owed === 'unreceived') return SILENT;
    if (resetWindow?.change === 'unchanged')
      return doubted('resetWindow', says.window(resetWindow.before), [
        resetWindow.last.number,
        abort.packet.number,
      ]);
    const because: Citation[] = [cite('abort', abort.says, ...abort.packets)];
    for (const sign of abort.left) because.push(cite('abort', sign.says, ...sign.packets));
    if (abort.left.length > 0) return supported('strong', because);
    // A client that aborts has a nearer reason unless bytes were visibly left.
    if (abort.side === 'originator') return SILENT;
    if (abort.owed === 'answer') return supported('fair', because);
    // An answered request whose length is not known may have had a body that was not read.
    if (requestProgress?.bodied === true && requestProgress.lacks < 0) {
      const { head } = requestProgress;
      because.push(cite('requestProgress', says.unmeasured(head.method), head.number));
      return supported('fair', because);
    }
    return abort.owed === 'rest'
      ? supported('weak', because)
      : doubted('exchange', says.answered, [exchange.responder.lastDataNumber]);
  },
  advice({ abort }) {
    if (abort === null || abort.side === 'originator') return [];
    return [
      {
        who: 'server',
        do: `Read requests to their end before closing${abort.left.length > 0 ? '' : ` (here ${bytes(abort.received)} had arrived)`}, or shut down the sending side, read until the end of the stream, then close (nginx lingering_close always; shutdown(SHUT_WR))`,
      },
    ];
  },
  scenario: 'rst-unread',
  examples: {
    match: [
      String.raw`# in the middle of an upload
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "POST /up HTTP/1.1\r\nContent-Length: 90000\r\n\r\n"
+0.022 > . len 1448
+0.041 < .
+0.042 > . len 1448
+0.043 > . len 1448
+0.060 < R. ack 1498`,
      `# a small request that was taken in and never answered
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 > P. len 120
+0.041 < .
+0.500 < R.`,
    ],
    miss: [
      `# the server had closed in order: the RST only answers what came later
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 > P. len 120
+0.041 < F.
+0.041 > .
+0.500 > P. len 20
+0.520 < R passive`,
      String.raw`# everything answered
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 < R.`,
    ],
  },
});
