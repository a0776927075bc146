import { spared } from '../evidence/around/unaffected-connections.ts';
import { seconds } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

export default defineLegacyCause({
  id: 'no-healthy-target',
  taxonomy: 'H11',
  family: 'closed-at-accept',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Accepted and dropped at once: a proxy without a healthy target',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_STATE'],
  counters: ['TCPAbortOnData', 'EstabResets', 'OutRsts'],
  references: [
    'AWS Network Load Balancer user guide, "Target groups: connection termination for unhealthy targets"',
    'HAProxy configuration manual, "tcp-request connection reject"',
  ],
  explain:
    'The server side accepted the connection and ended it in the same breath, before it could have read a request. ' +
    'That is how a load balancer or TCP proxy behaves that has no healthy backend to pass the connection to. ' +
    'The machine that ended it is the one the client is connected to, not the backend behind it. ' +
    'A server at its limit of connections or open files looks the same, but goes on serving those it has; access lists that are applied after accept() look the same to the clients they exclude. ' +
    'Clients report ECONNRESET right after connecting ("connect ECONNRESET", "dial … connection reset by peer") or, when it was a FIN, an empty reply: "socket hang up", EOF, curl 52.',
  needs: ['acceptAndClose', 'exchange', 'neighbours', 'unaffectedConnections', 'endpoints'],
  refines: ['abort-by-linger-zero'],
  examine({ acceptAndClose: closed, exchange, neighbours, unaffectedConnections }) {
    if (!closed.known || !exchange.known) return SILENT;
    const { end, by, ack, elapsed } = closed;
    if (!closed.atOnce) {
      return exchange.silent
        ? contradicted(
            'acceptAndClose',
            `the server waited ${seconds(elapsed)} before it ended the connection`,
            [ack.number, end.number],
          )
        : SILENT;
    }
    const because = [
      cite(
        'acceptAndClose',
        `${seconds(elapsed)} after the handshake the server ended the connection with a ${by}, before it had read or sent a byte`,
        ack.number,
        end.number,
      ),
    ];
    if (neighbours.known && neighbours.troubled > 1)
      because.push(
        cite('neighbours', `${neighbours.troubled} connections to it ended in trouble`, end.number),
      );
    // Without a target nobody is served; who serves others meanwhile has some.
    if (!unaffectedConnections.known || unaffectedConnections.count === 0) return supported('fair', because);
    because.push(cite('unaffectedConnections', spared(unaffectedConnections), end.number));
    return supported('weak', because);
  },
  advice({ neighbours, endpoints }) {
    const many =
      neighbours.known && neighbours.troubled > 1 ? ` (${neighbours.troubled} connections met it)` : '';
    const where = endpoints.known
      ? `${endpoints.server.address} port ${endpoints.server.port}`
      : 'the server';
    return [
      {
        who: 'server',
        do: `Look at what accepts on ${where}${many}: if it is a balancer or proxy, at the health of its targets and at the log of failed health checks; if a server, at its access lists, its connection limit and its open files`,
      },
      {
        who: 'client',
        do: 'Retry idempotent requests with a delay and jitter',
      },
    ];
  },
  scenario: 'no-healthy-target',
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
