import type { Citation, KnownFacts } from '../causes/define.ts';
import { accepts, refuses } from '../evidence/around/next-attempts.ts';
import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { other, seconds, thousands, who } from '../evidence/packets.ts';
import { MANY, RESTART, SHORTEST_EXPIRY, SHORTEST_LIMIT } from '../evidence/thresholds.ts';
import { ask, defineFamily } from './define.ts';
import { nameServers, rangeText } from './words.ts';

function sharedEvidence({ idle, knownTimeout, neighbours }: KnownFacts): Citation[] {
  if (idle === null || !idle.idle) return [];
  const lines: Citation[] = [];
  const path = knownTimeout === null ? [] : matchesOf(knownTimeout, 'path');
  if (path.length > 0)
    lines.push({
      fact: 'knownTimeout',
      says: `${seconds(idle.timer)} is a known idle timeout of ${named(path)}`,
      packets: [idle.ended],
    });
  if (neighbours !== null && neighbours.sameSilence > 1)
    lines.push({
      fact: 'neighbours',
      says: `${neighbours.sameSilence} connections to this server were lost after the same silence`,
      packets: [idle.ended],
    });
  return lines;
}

const ADDRESS = ask.capture(
  'server',
  'whether the packet arrives there, and under which address and port, and whether a FIN of this connection left',
);
const UPTIME = ask.state(
  'server',
  'uptime of the host, start time of the service (systemctl status, docker ps), and which host owns the address (ip address)',
);
const FIN = ask.capture('server', 'a FIN that was lost on the way would be in it');
const TIMERS = ask.config('box', 'the idle timeout of each balancer, NAT and firewall on the path');

export default defineFamily({
  id: 'state-lost',
  title: 'A host or box no longer knew the connection',
  benign: false,
  sharedBy: 'server',
  byMoment: true,
  statement({ noConnection, idle, rebinding, reset }) {
    if (rebinding !== null) return rebinding.says;
    if (noConnection !== null) {
      const { side, trigger } = noConnection;
      const first = idle?.silent ? `, the first after ${seconds(idle.gap)} of silence,` : '';
      return `packet ${trigger.number} of the ${who(other(side))}${first} was answered with a RST as one of an unknown connection, and no FIN or RST was seen before it`;
    }
    const after = idle?.silent ? `, after ${seconds(idle.gap)} of silence` : '';
    return `a RST (source: ${who(reset?.side ?? 'responder')}) ended the connection${after}; it answers no packet`;
  },
  headline: ({ servers, measures }) =>
    `${nameServers(servers, 'no longer knows', 'no longer know')} connections${measures.idle === undefined ? '' : ` that were idle for ${rangeText(measures.idle)}`}: the host restarted, or another host has its address`,
  measure: ({ idle }): Record<string, number> => (idle?.idle ? { idle: idle.gap } : {}),
  evidence: sharedEvidence,
  advice({ measures }) {
    const idle = measures.idle === undefined ? null : seconds(measures.idle.min);
    const keepAlive =
      'TCP keep-alive (TCP_KEEPIDLE, Node socket.setKeepAlive(true, ms), Go Dialer.KeepAlive, PostgreSQL keepalives_idle)';
    const lines = [
      {
        who: 'client' as const,
        do: 'Repeat the request once on a new connection: the RST came from where the connection is unknown, so no program there has read it',
      },
    ];
    if (idle === null || (measures.idle?.min ?? 0) < SHORTEST_EXPIRY) return lines;
    return [
      ...lines,
      {
        who: 'client' as const,
        do: `Do not let a connection be silent for ${idle}: ${keepAlive} with a first probe well below it, or a pool idle timeout below it`,
      },
      {
        who: 'path' as const,
        do: `Compare ${idle} with the idle timeouts of the balancer, NAT and firewall between the two, and raise the one that is below it`,
      },
    ];
  },
  context: [
    {
      of: ({ mac, ttl, noConnection }) =>
        noConnection === null || mac === null || !mac.sameSegment || ttl?.delta !== 0
          ? null
          : {
              fact: 'mac',
              says: `the RST has the TTL of that host, but came from another network card on the same segment (${mac.reset}): another host has the address`,
              packets: [noConnection.reset.number],
            },
      favours: ['peer-lost-state'],
      disfavours: ['firewall-reject-mid-connection'],
    },
    {
      of: ({ nextAttempts: n, idle, noConnection }) =>
        n === null || !accepts(n) || idle?.idle !== true
          ? null
          : { fact: 'nextAttempts', says: n.says, packets: [noConnection?.reset.number ?? idle.ended] },
      disfavours: ['firewall-reject-mid-connection'],
    },
    {
      of: ({ nextAttempts: n, idle, noConnection }) =>
        n === null || !refuses(n) || idle?.idle !== true
          ? null
          : { fact: 'nextAttempts', says: n.says, packets: [noConnection?.reset.number ?? idle.ended] },
      favours: ['firewall-reject-mid-connection'],
    },
    {
      of: ({ noConnection }) =>
        noConnection === null || noConnection.accepted < 0
          ? null
          : {
              fact: 'noConnection',
              says: `the port accepted another connection ${seconds(noConnection.accepted)} before the RST: the host had not restarted since`,
              packets: [noConnection.reset.number],
            },
      favours: ['nat-rebinding'],
      disfavours: ['peer-lost-state'],
    },
    {
      of({ idle, knownTimeout }) {
        const own = idle?.idle && knownTimeout !== null ? matchesOf(knownTimeout, 'responder') : [];
        return own.length === 0 || idle === null
          ? null
          : {
              fact: 'knownTimeout',
              says: `${seconds(idle.timer)} is a known idle timeout of ${named(own)}, whose FIN may have been lost`,
              packets: [idle.ended],
            };
      },
      favours: ['close-not-seen'],
    },
    {
      of: ({ noConnection: n, neighbours }) =>
        n === null ||
        n.absence < SHORTEST_LIMIT ||
        n.absence >= RESTART ||
        (neighbours?.sameInstant ?? 1) >= MANY
          ? null
          : {
              fact: 'noConnection',
              says: `the ${who(n.side)} had been silent for ${seconds(n.absence)}: a program may have timed out, a host takes longer to restart`,
              packets: [n.trigger.number],
            },
      favours: ['close-not-seen'],
    },
    {
      of: ({ noConnection: n, neighbours }) =>
        n === null || neighbours === null || neighbours.sameInstant < MANY
          ? null
          : {
              fact: 'neighbours',
              says: `${thousands(neighbours.sameInstant)} connections were answered so at one moment: one host lost them all`,
              packets: [n.reset.number],
            },
      favours: ['peer-lost-state'],
    },
  ],
  tells: [
    {
      is: 'nat-rebinding',
      not: 'peer-lost-state',
      by: 'the sequence numbers go on under another port of the client',
      ask: ADDRESS,
    },
    {
      is: 'nat-rebinding',
      not: 'middlebox-idle-reset-on-next-packet',
      by: 'the RST has the TTL and the round trip of the server',
      ask: ADDRESS,
    },
    {
      is: 'nat-rebinding',
      not: 'close-not-seen',
      by: 'the sequence numbers go on under another port of the client',
      ask: ADDRESS,
    },
    ...['peer-lost-state', 'middlebox-idle-reset-on-next-packet'].map((not) => ({
      is: 'close-not-seen',
      not,
      by: 'a FIN or RST left the host before, and did not arrive here',
      ask: FIN,
    })),
    {
      is: 'peer-lost-state',
      not: 'middlebox-idle-reset-on-next-packet',
      by: 'TTL and timing of the RST are those of the host',
      ask: UPTIME,
    },
    {
      is: 'peer-lost-state',
      not: 'injected-reset',
      by: 'TTL and timing of the RST are those of the host',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'peer-lost-state',
      not: 'firewall-reject-mid-connection',
      by: 'TTL and timing of the RST are those of the host',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'peer-lost-state',
      not: 'retransmission-give-up',
      by: 'the side that reset had not repeated anything without an answer',
      ask: ask.log('sender', 'ETIMEDOUT of the program on that side before the reset'),
    },
    {
      is: 'peer-lost-state',
      not: 'unnatted-reply',
      by: 'the side that reset had sent nothing for a while',
      ask: ask.capture('client', 'the same bytes from an address that it never dialled'),
    },
    {
      is: 'middlebox-idle-reset-on-next-packet',
      not: 'injected-reset',
      by: 'it follows a long silence, whatever the content',
      ask: TIMERS,
    },
    {
      is: 'middlebox-idle-reset-on-next-packet',
      not: 'middlebox-idle-reset-at-expiry',
      by: 'the RST answers a packet; nothing came at the expiry itself',
      ask: ask.attempt('repeat it with another pause: here any longer pause ends the same way'),
    },
    {
      is: 'middlebox-idle-reset-on-next-packet',
      not: 'firewall-reject-mid-connection',
      by: 'it follows a long silence; a rule that rejects strikes a busy connection too',
      ask: ask.state(
        'box',
        'its idle timeouts, and when its rules were last changed (nft list ruleset, policy push)',
      ),
    },
    {
      is: 'middlebox-idle-reset-at-expiry',
      not: 'injected-reset',
      by: 'it follows a long silence, whatever the content',
      ask: TIMERS,
    },
  ],
});
