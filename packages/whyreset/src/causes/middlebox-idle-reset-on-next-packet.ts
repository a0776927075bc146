import { matchesOf } from '../evidence/exchange/known-timeout.ts';
import { other, seconds, who } from '../evidence/packets.ts';
import { BOX_IDLE, MANY, SHORTEST_EXPIRY } from '../evidence/thresholds.ts';
import { cite, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  answered: (gap: number, speaker: string, packet: number, name: string) =>
    `after ${seconds(gap)} of silence the ${speaker}’s packet ${packet} was answered by a RST in the name of the ${name}`,
};

export default defineCause({
  id: 'middlebox-idle-reset-on-next-packet',
  taxonomy: 'I4',
  family: 'state-lost',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'A box on the path forgot the idle connection and reset it at the next packet',
  resetBy: 'path',
  benign: false,
  kernelReasons: [],
  counters: [],
  references: [
    'AWS Network Load Balancer: connection idle timeout (350 s, RST to whichever side sends next)',
    'Azure NAT gateway: TCP idle timeout (240 s)',
    'RFC 5382 REQ-5 (a NAT may forget an established connection after 2 h 4 min at the earliest)',
  ],
  explain:
    'The connection was silent for so long that a NAT, firewall or balancer on the way dropped it from its table. ' +
    'Neither end received a packet about it; both still took the connection for open. ' +
    'When one side sent its next packet, the box did not know the connection any more and answered with a RST that bears the other side’s address. ' +
    'The packet itself never arrived at the other side, whose socket stays open and later times out or is reset on its own. ' +
    'The side that spoke sees "connection reset by peer", "read ECONNRESET", curl 56 on the first request after a pause.',
  refines: ['injected-reset'],
  requires: ['noConnection', 'idle'],
  mayUse: ['maker', 'knownTimeout', 'neighbours'],
  examine({ noConnection, idle, maker, knownTimeout, neighbours }) {
    const { side, trigger, reset } = noConnection;
    const speaker = other(side);
    if (!idle.idle || idle.gap < SHORTEST_EXPIRY || idle.brokenBy !== speaker) return SILENT;
    const outside = maker?.madeOutsideStack === 'proven' || maker?.madeOutsideStack === 'likely';
    const timer = knownTimeout !== null && matchesOf(knownTimeout, 'path').length > 0;
    const alike = neighbours?.sameSilence ?? 1;
    if (!outside && maker?.madeOutsideStack === 'unlikely')
      return timer || idle.gap >= BOX_IDLE
        ? doubted('maker', maker.fits.map((sign) => sign.says).join('; '), [reset.number])
        : SILENT;
    const answered = cite(
      'idle',
      says.answered(idle.gap, who(speaker), idle.until, who(side)),
      idle.since,
      idle.until,
      reset.number,
    );
    if (!outside) return supported(timer && alike >= MANY ? 'fair' : 'weak', [answered], 'middlebox');
    const signs = [...maker.proofs, ...maker.against].map((sign) =>
      cite('maker', sign.says, ...sign.packets),
    );
    // That a box made it proves no expiry: a rule may have been loaded in the pause.
    const expired = timer || alike > 1;
    if (trigger.keepAliveProbe && !expired) return supported('fair', [answered, ...signs], maker.sender);
    return supported(expired ? 'strong' : 'fair', [answered, ...signs], maker.sender);
  },
  headline: ({ idle, noConnection }) =>
    idle === null || noConnection === null
      ? null
      : `A box on the path forgets connections that are idle for ${seconds(idle.gap)} or less, and resets the ${who(other(noConnection.side))}’s next packet`,
  scenario: 'nat-idle-rst',
  examples: {
    match: [
      `# TTL of the doorstep, and sooner than the server could answer
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+360.0 > P. len 60
+360.001 < R passive ttl 64`,
    ],
    miss: [
      `# the server itself: its TTL, a round trip later
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+360.0 > P. len 60
+360.04 < R passive`,
      `# no silence
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.042 < R passive ttl 64`,
    ],
  },
});
