import { bytes, seconds, thousands, who } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

export default defineLegacyCause({
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
    'The program need not know: it closed after an error, stopped reading at a limit, left a worker, or answered without reading the request to its end. ' +
    'A response that it had just written may be lost as well, because the RST lets the other side’s kernel drop what it has not yet sent on. ' +
    'The other side sees ECONNRESET, "connection reset by peer", "read ECONNRESET", curl 56, or EPIPE while it is still writing.',
  needs: ['reset', 'endings', 'exchange', 'unread', 'application', 'requestProgress', 'idle'],
  refines: [],
  examine(facts) {
    const { reset, endings, exchange, application, idle } = facts;
    if (!reset.known || !exchange.known || !endings.known) return SILENT;
    const { number } = reset.packet;
    const name = who(reset.side);
    const peer = reset.side === 'originator' ? 'responder' : 'originator';
    const { unread } = facts;
    if (reset.shape === 'passive' && endings.closed[reset.side])
      return contradicted(
        'reset',
        `the bare RST answers a late packet; a close with unread data sends RST+ACK`,
        [number],
      );
    if (reset.shape !== 'active' || exchange[peer].sent === 0) return SILENT;
    if (endings.closed[reset.side]) return SILENT;
    const because = [
      cite('reset', `the ${name} ended the connection with an active RST+ACK and no FIN`, number),
    ];
    if (unread.known && unread.midTurn)
      because.push(
        cite(
          'unread',
          `the ${who(peer)} was still sending: ${bytes(unread.beyondAck)} lie beyond what the RST acknowledges`,
          exchange[peer].lastDataNumber,
          number,
        ),
      );
    if (unread.known && unread.shrunk !== null)
      because.push(
        cite(
          'unread',
          `the ${name}’s window had shrunk from ${thousands(unread.largest)} to ${thousands(unread.smallest)}: its program had stopped reading`,
          unread.shrunk.number,
        ),
      );
    const { requestProgress } = facts;
    if (reset.side === 'responder' && requestProgress.known && requestProgress.lacks > 0)
      because.push(
        cite(
          'requestProgress',
          `the request lacked ${bytes(requestProgress.lacks)} of its announced length`,
          exchange.originator.lastDataNumber,
        ),
      );
    if (reset.side === 'responder' && requestProgress.known && requestProgress.extra > 0)
      because.push(
        cite(
          'requestProgress',
          `${bytes(requestProgress.extra)} followed the complete request without waiting for its answer, and got none`,
          requestProgress.head.number,
        ),
      );
    if (because.length > 1) return supported('strong', because);
    if (reset.side === 'originator') return SILENT;
    // An answered request whose length is not known may have had a body that nobody read.
    const unmeasured = requestProgress.known && requestProgress.lacks < 0 && requestProgress.bodied;
    if (!exchange.unanswered && unmeasured) {
      because.push(
        cite(
          'requestProgress',
          `the server had answered, but whether it had read the ${requestProgress.head.method} request to its end is not known`,
          requestProgress.head.number,
          exchange.responder.lastDataNumber,
        ),
      );
      return supported('fair', because);
    }
    if (!exchange.unanswered) {
      return contradicted('exchange', 'the server had answered all that the client sent', [
        exchange.responder.lastDataNumber,
      ]);
    }
    // It must have arrived to be left unread.
    if (exchange.originator.unacked > 0 && (!unread.known || unread.beyondAck > 0)) return SILENT;
    const wait = reset.packet.time - exchange.originator.lastDataTime;
    because.push(
      cite(
        'exchange',
        `the client’s last ${bytes(application.known ? application.requestLength : exchange.originator.sent)} had arrived and got no answer for ${seconds(wait)}`,
        exchange.originator.lastDataNumber,
        number,
      ),
    );
    if (idle.known && idle.silent && idle.brokenBy === 'originator')
      because.push(
        cite('idle', `they were the first after ${seconds(idle.gap)} of silence`, idle.since, idle.until),
      );
    return supported('fair', because);
  },
  advice({ reset, exchange, application }) {
    const side = reset.known ? who(reset.side) : 'server';
    const wait =
      reset.known && exchange.known && exchange.unanswered
        ? `, ${seconds(reset.packet.time - exchange.originator.lastDataTime)} after the last request byte`
        : '';
    const size =
      application.known && application.requestLength > 0 ? ` of ${bytes(application.requestLength)}` : '';
    return [
      {
        who: side,
        do: `Look in the ${side}’s log at that second${wait}: an exception, a worker timeout, a body limit or a shutdown closes sockets that still hold a request${size}. Read requests to their end before closing, or shut down the sending side, drain for a moment, then close ("lingering close": nginx lingering_close always; shutdown(SHUT_WR) and read until end of stream)`,
      },
      {
        who: side,
        do: 'Confirm it with nstat -az TcpExtTCPAbortOnClose before and after, or, from Linux 6.12 on, with the reason TCP_ABORT_ON_CLOSE in the tcp:tcp_send_reset tracepoint',
      },
      {
        who: side === 'server' ? 'client' : 'server',
        do: 'Treat it as unknown whether the request was carried out: repeat only what is idempotent or carries an Idempotency-Key',
      },
    ];
  },
  scenario: 'rst-unread',
  examples: {
    match: [
      `# in the middle of an upload
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "POST /up HTTP/1.1\\r\\nContent-Length: 90000\\r\\n\\r\\n"
+0.022 > . len 1448
+0.041 < .
+0.042 > . len 1448
+0.043 > . len 1448
+0.060 < R. ack 1498`,
      `# a small request that was taken in and never answered
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 120
+0.041 < .
+0.500 < R.`,
    ],
    miss: [
      `# everything answered
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 < R.`,
    ],
  },
});
