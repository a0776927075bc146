import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { seconds, who } from '../evidence/packets.ts';
import { cite, defineCause, doubted, SILENT, supported } from './define.ts';

/** No box forgets a connection sooner: a packet rejected after less meets a rule, not an expiry. Seconds. */
const SHORTEST_TIMEOUT = 2;

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
    'Neither end was told; both still took the connection for open. ' +
    'When one side spoke again, the box did not know the connection any more and answered with a RST that bears the other side’s address. ' +
    'The packet itself never arrived at the other side, whose socket stays open and later times out or is reset on its own. ' +
    'The side that spoke sees "connection reset by peer", "read ECONNRESET", curl 56 on the first request after a pause.',
  requires: ['reset', 'maker', 'idle'],
  mayUse: ['knownTimeout', 'neighbours', 'endings'],
  refines: ['injected-reset'],
  examine(facts) {
    const { reset, idle, maker, endings } = facts;
    if (!idle.idle) return SILENT;
    if (idle.gap < SHORTEST_TIMEOUT) return SILENT;
    if (endings === null || endings.closed.originator || endings.closed.responder) return SILENT;
    const speaker = reset.side === 'responder' ? 'originator' : 'responder';
    if (idle.brokenBy !== speaker) return SILENT;
    const { number } = reset.packet;
    const { knownTimeout } = facts;
    const path = knownTimeout !== null ? matchesOf(knownTimeout, 'path') : [];
    const { neighbours } = facts;
    const alike = neighbours !== null ? neighbours.sameSilence : 1;
    const blamed = maker.middlebox === 'proven' || maker.middlebox === 'likely';
    if (!blamed && (maker.middlebox === 'unlikely' || path.length === 0 || alike < 3)) {
      return maker.middlebox === 'unlikely' && path.length > 0 && maker.fits.length > 1
        ? doubted('maker', maker.fits.map(({ says }) => says).join('; '), [number])
        : SILENT;
    }
    const because = [
      cite(
        'idle',
        `after ${seconds(idle.gap)} of silence the ${who(speaker)}’s packet ${idle.until} was answered by a RST in the name of the ${who(reset.side)}`,
        idle.since,
        idle.until,
        number,
      ),
      ...[...maker.proofs, ...maker.against].map(({ says, packets }) => cite('maker', says, ...packets)),
    ];
    if (path.length > 0)
      because.push(
        cite('knownTimeout', `${seconds(idle.timer)} is a known idle timeout of ${named(path)}`, number),
      );
    if (alike > 1)
      because.push(
        cite('neighbours', `${alike} connections to this server were lost after the same silence`, number),
      );
    // That a box made it proves no expiry: a rule may have been inserted in the pause.
    const expired = path.length > 0 || alike > 1;
    const strength = blamed && expired ? 'strong' : 'fair';
    return supported(strength, because, blamed ? maker.sender : 'middlebox');
  },
  advice({ idle, knownTimeout, reset }) {
    const gap = idle !== null ? seconds(idle.gap) : 'T';
    const suspects =
      knownTimeout !== null ? [...matchesOf(knownTimeout, 'path'), ...knownTimeout.outlasted] : [];
    const names = suspects.length > 0 ? ` (defaults that ${gap} reaches: ${named(suspects)})` : '';
    const speaker = reset !== null && reset.side === 'originator' ? 'server' : 'client';
    return [
      {
        who: 'path',
        do: `Find the box with an idle timeout below ${gap}${names} and raise it, or let it close politely`,
      },
      {
        who: speaker,
        do: `Keep the connection from being silent that long: TCP keep-alive with a first probe well below ${gap} (Linux TCP_KEEPIDLE; Node socket.setKeepAlive(true, ms); Go Dialer.KeepAlive; PostgreSQL keepalives_idle), or heartbeats of the protocol`,
      },
      {
        who: 'client',
        do: `Or do not reuse a connection that was idle longer than the box allows: a pool idle timeout below it, measured here as at most ${gap}`,
      },
    ];
  },
  scenario: 'nat-idle-rst',
  examples: {
    match: [
      `# TTL of the doorstep, and sooner than the server could answer
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+360.0 > P. len 60
+360.001 < R passive ttl 64`,
    ],
    miss: [
      `# the server itself: its TTL, a round trip later
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+360.0 > P. len 60
+360.04 < R passive`,
      `# no silence
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. len 60
+0.042 < R passive ttl 64`,
    ],
  },
});
