import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { seconds, who } from '../evidence/packets.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

/** RSTs towards both ends that come this close together were made in one place, seconds. */
const SAME_MOMENT = 0.2;

export default defineCause({
  id: 'middlebox-idle-reset-at-expiry',
  taxonomy: 'I5',
  family: 'state-lost',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'A box on the path reset the idle connection when its timeout ran out',
  resetBy: 'path',
  benign: false,
  kernelReasons: [],
  counters: [],
  references: [
    'Azure Load Balancer: TCP reset on idle (enableTcpReset, 240 s)',
    'haproxy/haproxy#2135',
    'RFC 3360',
  ],
  explain:
    'The connection was silent, and at the moment when an idle timeout on the way ran out a balancer, firewall or NAT sent a RST, unasked. ' +
    'Usually it sends one to each side, each in the name of the other, so both ends believe that the other one reset them. ' +
    'No packet of either end had brought it about. ' +
    'A program that is reading at that time sees ECONNRESET at once, "connection reset by peer" out of nowhere; a pool finds a dead connection at the next use.',
  requires: ['reset', 'maker', 'idle'],
  mayUse: ['knownTimeout', 'neighbours', 'endings'],
  refines: ['injected-reset', 'administrative-kill', 'server-idle-kill'],
  examine(facts) {
    const { reset, idle, maker, endings } = facts;
    if (!idle.idle || idle.brokenBy !== 'reset') return SILENT;
    if (endings === null || endings.closed.originator || endings.closed.responder) return SILENT;
    const { number, time } = reset.packet;
    const mirrored = reset.all.find((p) => p.from !== reset.side && p.time - time < SAME_MOMENT);
    // A host answers a stray RST with nothing (RFC 9293 §3.10.7.1), so two of them have one maker between.
    // A train that climbs is an operator's tool.
    const both = mirrored !== undefined && reset.all.length === 2;
    const { knownTimeout } = facts;
    const path = knownTimeout !== null ? matchesOf(knownTimeout, 'path') : [];
    const { neighbours } = facts;
    const alike = neighbours !== null ? neighbours.sameSilence : 1;
    const blamed = maker.middlebox === 'proven' || maker.middlebox === 'likely';
    // Two RSTs alone may be two ends that gave up at the same time: equal timeouts are common.
    if (!blamed && (maker.middlebox === 'unlikely' || path.length === 0 || alike < 3)) return SILENT;
    const because = [
      cite(
        'idle',
        `after ${seconds(idle.gap)} of silence a RST in the name of the ${who(reset.side)} came unasked`,
        idle.since,
        number,
      ),
      ...[...maker.proofs, ...maker.against].map(({ says, packets }) => cite('maker', says, ...packets)),
    ];
    if (both)
      because.push(
        cite(
          'reset',
          `${seconds(mirrored.time - time)} later came one in the name of the ${who(mirrored.from)}: both ends are accused, and neither had sent anything`,
          number,
          mirrored.number,
        ),
      );
    if (path.length > 0)
      because.push(
        cite('knownTimeout', `${seconds(idle.timer)} is a known idle timeout of ${named(path)}`, number),
      );
    if (alike > 1)
      because.push(
        cite('neighbours', `${alike} connections to this server were lost after the same silence`, number),
      );
    // That a box made it proves no expiry: only its own pattern (a known timer, the same silence again) speaks for that.
    const expired = both || path.length > 0 || alike > 1;
    const strength = blamed && expired ? 'strong' : 'fair';
    return supported(strength, because, blamed ? maker.sender : 'middlebox');
  },
  advice({ idle, knownTimeout }) {
    const timer = idle !== null ? seconds(idle.timer) : 'T';
    const path = knownTimeout !== null ? matchesOf(knownTimeout, 'path') : [];
    return [
      {
        who: 'path',
        do: `Raise the idle timeout of ${timer}${path.length > 0 ? ` (as of ${named(path)})` : ''} on the balancer, NAT or firewall above the longest pause that the protocol makes`,
      },
      {
        who: 'client',
        do: `Send something more often than every ${timer}: TCP keep-alive with a first probe well below it (TCP_KEEPIDLE, Node socket.setKeepAlive(true, ms), Go Dialer.KeepAlive), or heartbeats of the protocol; or a pool idle timeout below ${timer}`,
      },
      {
        who: 'server',
        do: `Keep idle connections for less than ${timer} and close them with a FIN, so that the client learns of it politely`,
      },
    ];
  },
  scenario: 'idle-rst-at-expiry',
  examples: {
    match: [
      `# seen between the two: both are accused at once
client ip 10.0.0.1 port 40000 ttl 60
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.020 < S.
+0.040 > .
+0.041 > P. len 60
+0.061 < P. len 90
+0.081 > .
+240.06 < R. ttl 62 win 0 nots
+240.06 > R. ttl 62 win 0 nots`,
      `# at the client: the TTL is not the server's
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+240.08 < R. ttl 61 win 0 nots id 0`,
    ],
    miss: [
      `# the server's own hand
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+240.08 < R.`,
    ],
  },
});
