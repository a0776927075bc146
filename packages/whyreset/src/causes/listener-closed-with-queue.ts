import { eventIn } from '../evidence/around/neighbours.ts';
import { accepts, refuses } from '../evidence/around/next-attempts.ts';
import { MANY, PROMPT } from '../evidence/thresholds.ts';
import { type Citation, cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  accepted: 'the server had sent payload, so its program had accepted the connection',
  emptied: (before: number, after: number) =>
    `the window of the RST is ${after}, after ${before} in the packet before: the receive queue was emptied, which a listener that ends does not do`,
  window: (before: number) =>
    `the window of the RST is still ${before}: the receive queue was not emptied, as no program had accepted the connection`,
};

export default defineCause({
  id: 'listener-closed-with-queue',
  taxonomy: 'H7',
  family: 'process-ended',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Listener closed while connections waited for accept',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_STATE'],
  callPaths: ['listener-closed'],
  counters: ['EstabResets', 'OutRsts'],
  references: ['Linux net/ipv4/inet_connection_sock.c inet_csk_listen_stop'],
  explain:
    'The server kernel completed the handshake and acknowledged the request, but the program had not yet called accept() for this connection when it closed its listening socket. ' +
    'The kernel then resets everything that is still waiting, because no program is left to serve it. ' +
    'That happens at every restart or deployment that closes the socket while clients still arrive, and when a stuck process is finally killed. ' +
    'The program never saw the request: it is in no log, and repeating it is safe. ' +
    'The client sees connect() succeed and then ECONNRESET, "connection reset by peer", "read ECONNRESET" or curl 56 on its first read.',
  refines: [],
  requires: ['abort', 'exchange'],
  mayUse: ['neverAccepted', 'neighbours', 'nextAttempts', 'resetWindow'],
  examine({ neverAccepted, abort, exchange, neighbours, nextAttempts, resetWindow }) {
    if (abort.side === 'originator') return SILENT;
    if (exchange.responder.sent > 0)
      return contradicted('exchange', says.accepted, [exchange.responder.lastDataNumber]);
    if (neverAccepted === null) return SILENT;
    if (resetWindow?.change === 'reopened')
      return doubted('resetWindow', says.emptied(resetWindow.before, resetWindow.after), [
        resetWindow.last.number,
        abort.packet.number,
      ]);
    const because: Citation[] = [
      cite('neverAccepted', neverAccepted.says, ...neverAccepted.packets),
      cite('abort', abort.says, ...abort.packets),
    ];
    const gone = nextAttempts !== null && refuses(nextAttempts);
    if (gone) because.push(cite('nextAttempts', nextAttempts.says, abort.packet.number));
    const together = neighbours === null ? null : eventIn(neighbours);
    const many = together !== null && (neighbours?.sameInstant ?? 1) >= MANY;
    const event = together !== null && (many || (abort.wait ?? 0) >= PROMPT);
    if (event) because.push(cite('neighbours', together, abort.packet.number));
    if (resetWindow?.change === 'unchanged') {
      because.push(cite('resetWindow', says.window(resetWindow.before), resetWindow.last.number));
      // The end of one listener of several (SO_REUSEPORT) takes a whole queue with it; a lone connection, while the port
      // goes on accepting, was ended by other means.
      const open = nextAttempts !== null && accepts(nextAttempts);
      return supported(gone || event ? 'strong' : open ? 'weak' : 'fair', because);
    }
    if (!neverAccepted.likely && !many) return supported('weak', because);
    return supported(gone || event ? 'fair' : 'weak', because);
  },
  advice: () => [
    {
      who: 'server',
      do: 'Keep the socket open over a restart: systemd socket activation, nginx reload instead of restart, SO_REUSEPORT with net.ipv4.tcp_migrate_req=1',
    },
  ],
  scenario: 'queued-then-killed',
  examples: {
    match: [
      String.raw`# the refused connect comes later, but the example is about the last one written here
server ip 10.0.0.2 port 8080 ttl 57
+2.100 > S
+2.140 < R. refusal
---
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < .
+2.000 < R.`,
    ],
    miss: [
      String.raw`# it had served a request: accepted
server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.082 > .
+2.000 < R.`,
    ],
  },
});
