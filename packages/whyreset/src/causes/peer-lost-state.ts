import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { seconds, who } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

/** A host is not gone and back in less, seconds. */
const SHORTEST_ABSENCE = 0.5;

/** Seconds that a host is away at least when it boots (virtual machines and failovers take 5 to 30 s). */
const SHORTEST_BOOT = 30;

export default defineCause({
  id: 'peer-lost-state',
  taxonomy: 'I7',
  family: 'state-lost',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'The other host no longer knew the connection: reboot, failover or restart',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_FLAGS', 'SK_RST_REASON_NO_SOCKET'],
  counters: ['OutRsts'],
  references: [
    'RFC 9293 §3.5.1 (half-open connections) and §3.10.7.1',
    'Linux net/ipv4/tcp_ipv4.c tcp_v4_send_reset',
  ],
  explain:
    'The connection had worked, neither side had closed it, and then the stack of one host answered a packet as if it had never heard of the connection. ' +
    'That is what a rebooted or rebuilt host does, the new owner of an address after a failover, another backend behind an address, or a host whose process closed while its FIN was lost. ' +
    'The RST is the stateless one: sequence number copied from the packet’s ACK, window 0, no options. ' +
    'When the service is up again the kernel gives TCP_FLAGS as reason (the packet hit the listening socket), otherwise NO_SOCKET. ' +
    'The side that spoke sees ECONNRESET, "connection reset by peer", on the first use after the event, often long after it.',
  requires: ['reset', 'exchange', 'endings'],
  mayUse: ['trigger', 'handshake', 'maker', 'idle', 'knownTimeout', 'ttl', 'coverage', 'probes'],
  refines: [],
  examine(facts) {
    const { reset, endings, exchange, handshake, maker, idle } = facts;
    if (reset.shape !== 'passive') return SILENT;
    const { side } = reset;
    const { number } = reset.packet;
    const name = who(side);
    const own = endings[side];
    if (own !== null && endings.closed[side])
      return contradicted('endings', `the ${name} had closed the connection itself`, [own.number]);
    if (endings.both || endings.closed.originator || endings.closed.responder) return SILENT;
    // The side must have had the connection once: what it acknowledged or said after the handshake shows it.
    const peer = side === 'originator' ? 'responder' : 'originator';
    const spoke = exchange[side].sent > 0 || exchange[peer].heard;
    if (handshake !== null && !handshake.complete) return SILENT;
    const { trigger } = facts;
    if (maker === null || trigger === null) return SILENT;
    if (maker.madeOutsideStack === 'proven') {
      // The connection's own TCP is left out. Another host that has its address knows of no connection either.
      if (maker.sender !== 'undetermined' || !spoke) return SILENT;
      const twin = `the TCP of the ${name} that held the connection did not make the RST: another host with its address may have, to which packet ${trigger.packet.number} belongs to no connection`;
      return supported(
        'fair',
        [
          ...maker.proofs.map(({ says, packets }) => cite('maker', says, ...packets)),
          cite('trigger', twin, trigger.packet.number, number),
        ],
        'undetermined',
      );
    }
    if (!spoke) {
      if (handshake !== null || trigger.packet.length === 0) return SILENT;
      return supported(
        'weak',
        [
          cite(
            'trigger',
            `the ${name}’s stack knows nothing of the connection that packet ${trigger.packet.number} belongs to, whose beginning is not in this capture`,
            trigger.packet.number,
            number,
          ),
        ],
        side,
      );
    }
    const { probes } = facts;
    const probe = probes !== null && probes.count > 0 && trigger.packet.keepAliveProbe;
    const because = [
      cite(
        'trigger',
        `the ${name}’s stack answered ${probe ? 'the keep-alive probe' : 'packet'} ${trigger.packet.number} as one that belongs to no connection, although it had sent no FIN`,
        trigger.packet.number,
        number,
      ),
      cite(
        'exchange',
        `earlier it had taken part: ${exchange[side].sent > 0 ? 'it had sent payload' : 'it had acknowledged payload'}`,
        number,
      ),
    ];
    if (idle?.silent)
      because.push(
        cite(
          'idle',
          `it happened at the first packet after ${seconds(idle.gap)} of silence`,
          idle.since,
          number,
        ),
      );
    const { ttl } = facts;
    if (ttl !== null && ttl.delta === 0)
      because.push(cite('ttl', `TTL ${ttl.reset} is that of the ${name}’s other packets`, number));
    const { knownTimeout } = facts;
    const path = knownTimeout !== null ? matchesOf(knownTimeout, 'path') : [];
    if (path.length > 0)
      because.push(
        cite(
          'knownTimeout',
          `but ${seconds(idle !== null ? idle.timer : 0)} is also an idle timeout of ${named(path)}`,
          number,
        ),
      );
    const last = exchange[side].lastDataTime;
    const { coverage } = facts;
    const whole = coverage?.fromStart && coverage.bothWays;
    // A host does not boot in less; what is gone sooner is a lost FIN, a rule, another host with the address.
    const rebooted = last < 0 || trigger.packet.time - last >= SHORTEST_BOOT;
    const sure = whole && rebooted && maker.middlebox === 'unlikely' && ttl?.firm && path.length === 0;
    // Nobody reboots in a moment: a side that had just spoken lost its state in some other way.
    if (last >= 0 && trigger.packet.time - last < SHORTEST_ABSENCE) return supported('weak', because, side);
    return supported(sure ? 'strong' : 'fair', because, side);
  },
  advice({ reset, idle }) {
    const side = reset !== null ? reset.side : 'responder';
    const gap = idle?.silent ? ` within the ${seconds(idle.gap)} of silence before it` : '';
    return [
      {
        who: who(side),
        do: `Look what happened to the ${who(side)}’s host${gap}: uptime, restart of the service or container, failover of its address, a changed backend or NAT rule. Kernel reason TCP_FLAGS means that the service is listening again, NO_SOCKET that nothing is`,
      },
      {
        who: who(side === 'responder' ? 'originator' : 'responder'),
        do: `Notice such a death early: TCP keep-alive (TCP_KEEPIDLE, Node socket.setKeepAlive) or heartbeats of the protocol, and a check or a retry on a new connection when a pooled one fails at its first use`,
      },
      {
        who: 'path',
        do: 'Behind a balancer or a virtual address, let connections stick to their host and drain before a switch; or reset the old ones at failover so that clients need not find out by trial',
      },
    ];
  },
  scenario: 'host-reborn',
  examples: {
    match: [
      `server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+40.00 > P. len 60
+40.04 < R passive`,
    ],
    miss: [
      `# the server had said goodbye
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+20.00 < F.
+20.04 > .
+40.00 > P. len 60
+40.04 < R passive`,
      `# never more than a handshake: the accept queue
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. len 60
+0.081 < R passive`,
    ],
  },
});
