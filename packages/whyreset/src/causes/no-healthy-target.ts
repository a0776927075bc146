import { spared } from '../evidence/around/unaffected-connections.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import { cite, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  waited: (elapsed: number) => `the server waited ${seconds(elapsed)} before it ended the connection`,
  troubled: (count: number) => `${thousands(count)} connections to it ended in trouble`,
};

export default defineCause({
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
    'The server side accepted the connection and ended it at once, before it could have read a request. ' +
    'That is how a load balancer or TCP proxy behaves that has no healthy backend to pass the connection to. ' +
    'The machine that ended it is the one the client is connected to, not the backend behind it. ' +
    'A server at its limit of connections or open files looks the same, but goes on serving those it has; access lists that are applied after accept() look the same to the clients they exclude. ' +
    'Clients report ECONNRESET right after connecting ("connect ECONNRESET", "dial … connection reset by peer") or, when it was a FIN, an empty reply: "socket hang up", EOF, curl 52.',
  refines: ['abort-by-linger-zero', 'write-after-close'],
  requires: ['acceptAndClose', 'exchange'],
  mayUse: ['neighbours', 'unaffectedConnections'],
  examine({ acceptAndClose: closed, exchange, neighbours, unaffectedConnections }) {
    if (!closed.atOnce)
      return exchange.silent
        ? doubted('acceptAndClose', says.waited(closed.elapsed), closed.packets)
        : SILENT;
    const because = [cite('acceptAndClose', closed.says, ...closed.packets)];
    if (neighbours !== null && neighbours.troubled > 1)
      because.push(cite('neighbours', says.troubled(neighbours.troubled), closed.end.number));
    // Without a target no connection is served; a server that serves others meanwhile has one.
    if (unaffectedConnections === null || unaffectedConnections.count === 0)
      return supported('fair', because);
    because.push(cite('unaffectedConnections', spared(unaffectedConnections), closed.end.number));
    return supported('weak', because);
  },
  advice: () => [
    {
      who: 'server',
      do: 'If a balancer or proxy accepts there, look at the health of its targets and at its log of failed health checks',
    },
  ],
  scenario: 'no-healthy-target',
  examples: {
    match: [
      `server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.081 < R.`,
    ],
    miss: [
      `server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+10.000 < R.`,
    ],
  },
});
