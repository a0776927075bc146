import { seconds } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

/** A listener drops or resets at once; a RST this long after the handshake has forgotten something else. */
const AT_ONCE = 5;

export default defineCause({
  id: 'accept-queue-overflow-reset',
  taxonomy: 'H4',
  family: 'refused',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Accept queue full, and the kernel is set to reset (tcp_abort_on_overflow)',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_INVALID_SYN'],
  counters: ['ListenOverflows', 'ListenDrops', 'EmbryonicRsts', 'OutRsts'],
  references: [
    'Linux net/ipv4/tcp_minisocks.c tcp_check_req',
    'Linux Documentation/networking/ip-sysctl.rst tcp_abort_on_overflow',
  ],
  explain:
    'The client finished the handshake and believes to be connected, but the queue of connections that wait for accept() on the server was full at that moment. ' +
    'Normally Linux drops the final ACK in silence and lets the client try again; with net.ipv4.tcp_abort_on_overflow=1 it answers with a RST instead. ' +
    'The server program never learns of the connection, so its log shows nothing. ' +
    'It means that the program accepts more slowly than clients arrive, or that its backlog is small. ' +
    'On the client connect() succeeds and the first read or write fails: ECONNRESET, "connection reset by peer", in Go "dial … connection reset by peer", in Node "connect ECONNRESET" or "read ECONNRESET".',
  requires: ['reset', 'handshake'],
  mayUse: ['trigger', 'exchange', 'ttl', 'closing', 'maker', 'neighbours'],
  refines: ['peer-lost-state'],
  examine(facts) {
    const { reset, handshake, exchange, closing, maker } = facts;
    if (reset.side !== 'responder' || !handshake.complete) return SILENT;
    const { trigger } = facts;
    if (exchange === null || trigger === null || reset.shape !== 'passive') return SILENT;
    const since = reset.packet.time - handshake.ack!.time;
    if (since > AT_ONCE || (closing !== null && closing.fin.time <= reset.packet.time)) return SILENT;
    const { number } = reset.packet;
    if (exchange.responder.sent > 0)
      return contradicted('exchange', 'the server had sent payload, so the connection had been accepted', [
        exchange.responder.lastDataNumber,
      ]);
    if (exchange.originator.heard) return SILENT;
    const because = [
      cite(
        'handshake',
        'the handshake was complete for the client: SYN, SYN-ACK, ACK',
        handshake.syn.number,
        handshake.synAck!.number,
        handshake.ack!.number,
      ),
      cite(
        'trigger',
        `a bare RST answers packet ${trigger.packet.number}, ${seconds(since)} after the client's ACK: the server holds no connection although it had offered one`,
        trigger.packet.number,
        number,
      ),
      cite('exchange', 'the server sent neither payload nor an acknowledgement beyond the SYN', number),
    ];
    const { ttl } = facts;
    if (ttl !== null && ttl.delta === 0)
      because.push(cite('ttl', `TTL ${ttl.reset} is that of its SYN-ACK`, number));
    const { neighbours } = facts;
    if (neighbours !== null && neighbours.sameInstant > 1)
      because.push(
        cite(
          'neighbours',
          `${neighbours.sameInstant} connections to it ended within the same second`,
          number,
        ),
      );
    const own = maker !== null && maker.middlebox === 'unlikely' && ttl !== null && ttl.delta === 0;
    return supported(own ? 'strong' : 'fair', because);
  },
  advice({ neighbours }) {
    const many =
      neighbours !== null && neighbours.sameInstant > 1
        ? ` (${neighbours.sameInstant} connections met it within a second)`
        : '';
    return [
      {
        who: 'server',
        do: `Raise the backlog of the listening socket and net.core.somaxconn together (nginx "listen … backlog=", Node server.listen({ backlog }), gunicorn --backlog); the smaller of the two counts${many}`,
      },
      {
        who: 'server',
        do: 'Set net.ipv4.tcp_abort_on_overflow=0, so that a short burst costs a retransmission and not an error, and watch ListenOverflows (nstat -az TcpExtListenOverflows)',
      },
      {
        who: 'server',
        do: 'Accept faster: more workers, no blocking work between accept() calls; ss -ltn shows Recv-Q at the limit of Send-Q while it happens',
      },
      {
        who: 'client',
        do: 'Retry with a delay and jitter, and keep connections open instead of opening one per request; the request was not read by any program',
      },
    ];
  },
  scenario: 'backlog-rst',
  examples: {
    match: [
      `server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.080 < R passive`,
      String.raw`server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.040 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.080 < R passive`,
    ],
    miss: [
      String.raw`server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < .
+0.090 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.091 > .
+0.500 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.540 < R passive`,
    ],
  },
});
