import { bytes, seconds } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** A RST this long after the client's last byte was not brought about by it. */
const UNPROMPTED = 0.25;
/** More than an unaccepted socket takes in: a program must have been reading (net.ipv4.tcp_rmem, default 131072). */
const UNREAD_LIMIT = 131_072;

export default defineLegacyCause({
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
    'The kernel then resets everything that is still waiting, because nobody is left to serve it. ' +
    'That happens at every restart or deployment that closes the socket while clients still arrive, and when a stuck process is finally killed. ' +
    'The program never saw the request: it is in no log, and repeating it is safe. ' +
    'The client sees connect() succeed and then ECONNRESET, "connection reset by peer", "read ECONNRESET" or curl 56 on its first read.',
  needs: ['reset', 'handshake', 'exchange', 'closing', 'neighbours'],
  refines: ['unread-data-at-close', 'abort-by-linger-zero'],
  examine(facts) {
    const { reset, handshake, exchange, closing } = facts;
    if (!reset.known || reset.side !== 'responder' || reset.shape !== 'active') return SILENT;
    if (!handshake.known || !handshake.complete || !exchange.known) return SILENT;
    if (closing.known && closing.side === 'responder') return SILENT;
    const { number, time } = reset.packet;
    if (exchange.responder.sent > 0)
      return contradicted('exchange', 'the server had sent payload, so the connection had been accepted', [
        exchange.responder.lastDataNumber,
      ]);
    if (exchange.originator.sent === 0 || exchange.originator.unacked > 0) return SILENT;
    if (exchange.originator.sent > UNREAD_LIMIT) return SILENT;
    const quiet = time - exchange.originator.lastDataTime;
    const because = [
      cite(
        'exchange',
        `the server's kernel acknowledged all ${bytes(exchange.originator.sent)} of the request, but no byte ever came back`,
        exchange.originator.lastDataNumber,
      ),
      cite('reset', `then an active RST+ACK, ${seconds(quiet)} after the request, without a FIN`, number),
    ];
    const { neighbours } = facts;
    const server = neighbours.known ? neighbours.server : null;
    if (server !== null && server.lastRefused > time && server.lastEstablished <= time) {
      because.push(
        cite(
          'neighbours',
          `${seconds(server.lastRefused - time)} later the port refused new connections: the listener was gone`,
          number,
        ),
      );
      return supported('strong', because);
    }
    // One timer ends connections of equal age; a listener drops whatever waits, at any age.
    const mixed = neighbours.known && neighbours.sameInstant - Math.max(1, neighbours.sameSilence) >= 1;
    if (mixed && quiet >= UNPROMPTED) {
      because.push(
        cite(
          'neighbours',
          `${neighbours.sameInstant} connections to the server ended in the same instant, after silences of different length`,
          number,
        ),
      );
      return supported('strong', because);
    }
    // Alone it is any program that took the request and aborted: the wire is the same.
    return supported('weak', because);
  },
  advice({ neighbours }) {
    const many =
      neighbours.known && neighbours.sameInstant > 1
        ? ` (here ${neighbours.sameInstant} connections at once)`
        : '';
    return [
      {
        who: 'server',
        do: `Drain before closing the listener${many}: fail the health check, wait until clients have moved on (Kubernetes preStop sleep, balancer deregistration delay), go on accepting meanwhile, then close`,
      },
      {
        who: 'server',
        do: 'Or hand the socket over so that it never closes: systemd socket activation, nginx reload instead of restart, SO_REUSEPORT with net.ipv4.tcp_migrate_req=1',
      },
      {
        who: 'client',
        do: 'Retry idempotent requests once on a new connection; what waits in an accept queue was read by no program, but from outside that is likely, not certain',
      },
    ];
  },
  scenario: 'queued-then-killed',
  examples: {
    match: [
      `# the refused connect comes later, but the example is about the last one written here
server ip 10.0.0.2 port 8080 ttl 57
+2.100 > S
+2.140 < R. refusal
---
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < .
+2.000 < R.`,
    ],
    miss: [
      `# it had served a request: accepted
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.082 > .
+2.000 < R.`,
    ],
  },
});
