import { seconds, thousands } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

export default defineCause({
  id: 'no-listener',
  taxonomy: 'H1',
  family: 'refused',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Nothing listens on that port',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_NO_SOCKET'],
  counters: ['OutRsts', 'AttemptFails'],
  references: ['RFC 9293 §3.10.7.1', 'Linux net/ipv4/tcp_ipv4.c tcp_v4_send_reset'],
  explain:
    'The client asked for a connection and the server host answered the SYN with a RST, because no socket was listening on that address and port. ' +
    'The kernel does this by itself; no program took part, so no log of the service will mention it. ' +
    'Usual reasons are a service that is stopped, restarting or crashed, one that listens on another port, or one bound to 127.0.0.1 while the client dials the public address. ' +
    'The connect call fails at once: ECONNREFUSED, "connection refused", curl exit code 7. ' +
    'A packet filter on the server host itself can build the very same RST; the OutRsts counter of the server tells the two apart, since a filter does not raise it.',
  requires: ['reset', 'handshake'],
  mayUse: [
    'ttl',
    'vantage',
    'maker',
    'icmp',
    'neighbours',
    'exchange',
    'endpoints',
    'arrival',
    'counterDeltas',
  ],
  refines: [],
  examine(facts) {
    const { reset, handshake, maker, exchange } = facts;
    if (reset.side !== 'responder') return SILENT;
    if (handshake.synAck !== null) {
      if (exchange === null || exchange.responder.sent > 0) return SILENT;
      const { number } = handshake.synAck;
      return contradicted('handshake', `the server accepted the connection with packet ${number}`, [number]);
    }
    if (reset.shape !== 'refusal') return SILENT;
    const { number } = reset.packet;
    const { icmp, arrival } = facts;
    if (icmp !== null)
      return doubted('icmp', 'an ICMP error says that a filter rejected it', [icmp.errors[0]!.number]);
    const { counterDeltas, neighbours } = facts;
    const server = neighbours !== null ? neighbours.server : null;
    const others = server !== null && server.established > 0;
    if (counterDeltas?.silent && arrival?.course !== 'stopped') {
      const says = 'the TCP of the server’s host counted no RST of its own (OutRsts +0)';
      // Behind a balancer without translation another host with the address refuses what the counted one never received.
      return others
        ? doubted('counterDeltas', says, [number])
        : contradicted('counterDeltas', says, [number]);
    }
    const because = [
      cite(
        'reset',
        `the SYN was answered by RST+ACK with sequence number 0 and window 0, the answer of a host where no socket matches`,
        handshake.syn.number,
        number,
      ),
    ];
    const { ttl } = facts;
    if (arrival !== null && arrival.course === 'stopped') {
      if (ttl === null || ttl.delta !== 0) return doubted('arrival', arrival.says, arrival.packets);
      const says = `${arrival.says}; its TTL ${ttl.reset} is that of the server, so another host that shares its address may have refused`;
      return supported('fair', [...because, cite('arrival', says, ...arrival.packets)]);
    }
    if (ttl !== null && ttl.delta === 0)
      because.push(cite('ttl', `its TTL ${ttl.reset} is that of the server's other packets`, number));
    if (server !== null && others) {
      const before = server.lastEstablished >= 0 && server.lastEstablished < reset.packet.time;
      because.push(
        cite(
          'neighbours',
          `the same address and port accepted ${thousands(server.established)} connection${server.established === 1 ? '' : 's'}${before ? `, the last ${seconds(reset.packet.time - server.lastEstablished)} before` : ''}: the service was there and is gone, or comes and goes`,
          number,
        ),
      );
    }
    const { vantage } = facts;
    const atServer = vantage !== null && (vantage.at === 'both' || vantage.at === 'responder');
    const own = maker !== null && maker.own !== null ? maker.own : null;
    if (own !== null) because.push(cite('maker', own.says, ...own.packets));
    const there = atServer || own !== null || (ttl !== null && ttl.delta === 0);
    return supported(there ? 'strong' : 'fair', because);
  },
  advice({ endpoints, neighbours }) {
    const port = endpoints !== null ? endpoints.server.port : 'PORT';
    const where = endpoints !== null ? `${endpoints.server.address} port ${port}` : 'that port';
    const gone = neighbours !== null && neighbours.server !== null && neighbours.server.established > 0;
    return [
      {
        who: 'server',
        do: gone
          ? `Find out why the service on port ${port} stopped listening (systemctl status, restart count, exit code, out-of-memory kill in dmesg), and start the new process before the old one stops, by socket activation or SO_REUSEPORT`
          : `Check that the service runs and listens on ${where}: ss -ltnp 'sport = :${port}'. An entry on 127.0.0.1 or [::1] serves only the host itself; bind 0.0.0.0 or [::]`,
      },
      {
        who: 'client',
        do: gone
          ? 'Retry the connect with a growing delay; nothing was sent yet, so a retry is safe for any request'
          : `Check the address and port that the client dials (${where}): name resolution, container port mapping, service discovery`,
      },
    ];
  },
  scenario: 'refused',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 > F.
+0.062 < F.
+0.062 > .
---
+5.000 > S
+5.020 < R. refusal`,
    ],
    miss: [
      String.raw`# the listener accepted: whatever comes later is not a closed port
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < R.`,
    ],
  },
});
