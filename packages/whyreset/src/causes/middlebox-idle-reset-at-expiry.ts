import { matchesOf } from '../evidence/exchange/known-timeout.ts';
import { seconds, who } from '../evidence/packets.ts';
import { MANY, SAME_MOMENT } from '../evidence/thresholds.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  unasked: (gap: number, name: string) =>
    `after ${seconds(gap)} of silence a RST in the name of the ${name} came, and it answers no packet`,
  mirrored: (after: number, name: string) =>
    `${seconds(after)} later a RST in the name of the ${name} went the other way: both ends were reset, and neither had sent anything`,
};

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
  refines: ['injected-reset', 'administrative-kill', 'server-idle-kill'],
  requires: ['reset', 'maker', 'idle', 'endings'],
  mayUse: ['knownTimeout', 'neighbours'],
  examine({ reset, maker, idle, endings, knownTimeout, neighbours }) {
    if (!idle.idle || idle.brokenBy !== 'reset') return SILENT;
    if (endings.closed.originator || endings.closed.responder) return SILENT;
    const { number, time } = reset.packet;
    const mirrored = reset.all.find((p) => p.from !== reset.side && p.time - time < SAME_MOMENT);
    // A host answers a RST with nothing (RFC 9293 §3.10.7.1), so two of them have one maker between. A train of
    // RSTs with rising numbers is an operator's tool.
    const both = mirrored !== undefined && reset.all.length === 2;
    const timer = knownTimeout !== null && matchesOf(knownTimeout, 'path').length > 0;
    const alike = neighbours?.sameSilence ?? 1;
    const outside = maker.madeOutsideStack === 'proven' || maker.madeOutsideStack === 'likely';
    // Two RSTs alone may be two ends that gave up at the same time: equal timeouts are common.
    if (!outside && (maker.madeOutsideStack === 'unlikely' || !timer || alike < MANY)) return SILENT;
    const because = [
      cite('idle', says.unasked(idle.gap, who(reset.side)), idle.since, number),
      ...[...maker.proofs, ...maker.against].map((sign) => cite('maker', sign.says, ...sign.packets)),
    ];
    if (both)
      because.push(
        cite('reset', says.mirrored(mirrored.time - time, who(mirrored.from)), number, mirrored.number),
      );
    // That a box made it proves no expiry: only its pattern (a known timer, the same silence again) speaks for that.
    const expired = both || timer || alike > 1;
    return supported(outside && expired ? 'strong' : 'fair', because, outside ? maker.sender : 'middlebox');
  },
  headline: ({ idle }) =>
    idle === null
      ? null
      : `A box on the path resets connections after ${seconds(idle.timer)} without a packet`,
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
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+240.08 < R. ttl 61 win 0 nots id 0`,
    ],
    miss: [
      `# the server's own hand
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+240.08 < R.`,
    ],
  },
});
