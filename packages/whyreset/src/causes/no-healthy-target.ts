import { seconds } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

/** Sooner than any program that waits for a request would give up. */
const AT_ONCE = 0.05;

export default defineCause({
  id: 'no-healthy-target',
  taxonomy: 'H11',
  title: 'Accepted and dropped at once: a proxy without a healthy target, or a server at its limit',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_STATE'],
  counters: ['TCPAbortOnData', 'EstabResets', 'OutRsts'],
  references: [
    'AWS Network Load Balancer user guide, "Target groups: connection termination for unhealthy targets"',
    'HAProxy configuration manual, "tcp-request connection reject"',
    'Node net server.maxConnections',
  ],
  explain:
    'The server side accepted the connection and ended it in the same breath, before it could have read a request. ' +
    'That is how a load balancer or TCP proxy behaves that has no healthy backend to pass the connection to, and how a server behaves that has reached its limit of connections or open files and closes whatever it must accept. ' +
    'The machine that ended it is the one the client is connected to, not the backend behind it. ' +
    'Access lists that are applied after accept() look the same. ' +
    'Clients report ECONNRESET right after connecting ("connect ECONNRESET", "dial … connection reset by peer") or, when it was a FIN, an empty reply: "socket hang up", EOF, curl 52.',
  needs: ['reset', 'handshake', 'exchange', 'closing', 'rtt', 'neighbours', 'endpoints'],
  refines: [],
  examine(facts) {
    const { reset, handshake, exchange, closing } = facts;
    if (!handshake.known || !handshake.complete || !exchange.known || exchange.responder.sent > 0)
      return SILENT;
    const active = reset.known && reset.side === 'responder' && reset.shape === 'active';
    const fin = closing.known && closing.side === 'responder' ? closing.fin : null;
    const end = fin ?? (active ? reset.packet : null);
    if (end === null) return SILENT;
    const elapsed = end.time - handshake.ack!.time;
    const { rtt } = facts;
    const roundTrip = rtt.known ? Math.max(rtt.originator, 0) + Math.max(rtt.responder, 0) : 0;
    // The client's ACK and the server's answer each cross half the path.
    if (elapsed > AT_ONCE + 2 * roundTrip) {
      return exchange.silent
        ? contradicted('handshake', `the server waited ${seconds(elapsed)} before it ended the connection`, [
            handshake.ack!.number,
            end.number,
          ])
        : SILENT;
    }
    // What the server had not received cannot have brought it about.
    const heard = exchange.originator.sent > exchange.originator.unacked;
    if (heard || (exchange.originator.sent > 0 && end.ack > 1)) return SILENT;
    const because = [
      cite(
        'handshake',
        `${seconds(elapsed)} after the handshake the server ended the connection with a ${fin === null ? 'RST' : 'FIN'}, before it had read or sent a byte`,
        handshake.ack!.number,
        end.number,
      ),
    ];
    const { neighbours } = facts;
    if (neighbours.known && neighbours.troubled > 1)
      because.push(
        cite('neighbours', `${neighbours.troubled} connections to it ended in trouble`, end.number),
      );
    return supported('fair', because);
  },
  rivals: [
    {
      cause: 'abort-by-linger-zero',
      discriminator: 'it ends before any request; a program that aborts on purpose has usually read one',
      ask: 'the log of the proxy or server that accepted the connection: target health, connection limit, open files',
    },
    {
      cause: 'injected-reset',
      discriminator: 'TTL and numbering of the RST are those of the SYN-ACK',
      ask: 'a capture of the same moment taken at the server',
    },
  ],
  advice({ neighbours, endpoints }) {
    const many =
      neighbours.known && neighbours.troubled > 1 ? ` (${neighbours.troubled} connections met it)` : '';
    const where = endpoints.known
      ? `${endpoints.server.address} port ${endpoints.server.port}`
      : 'the server';
    return [
      {
        who: 'server',
        do: `Look at what accepts on ${where}${many}: if it is a balancer or proxy, at the health of its targets and at the log of failed health checks; if a server, at its connection limit (nginx worker_connections, Node server.maxConnections, HAProxy maxconn) and open files (ls /proc/PID/fd | wc -l against ulimit -n)`,
      },
      {
        who: 'client',
        do: 'Retry idempotent requests with a delay and jitter',
      },
    ];
  },
  scenario: 'proxy-no-backend',
  examples: {
    match: [
      `server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.081 < R.`,
    ],
    miss: [
      `server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+10.000 < R.`,
    ],
  },
});
