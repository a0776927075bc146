import { seconds, who } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';
import { rangeText } from './words.ts';

export default defineFamily({
  id: 'state-lost',
  title: 'A host or box no longer knew the connection',
  benign: false,
  sharedBy: 'server',
  byMoment: true,
  statement({ reset, idle }) {
    const name = who(reset?.side ?? 'responder');
    const pause = idle?.silent ? ` after ${seconds(idle.gap)} of silence` : '';
    return `the host at the ${name}’s address no longer had this connection${pause}, and no close of it was seen`;
  },
  headline({ cause, servers, measures }) {
    const server = servers[0] ?? 'the server';
    const idle = measures.idle === undefined ? '' : ` after ${rangeText(measures.idle)} of silence`;
    if (cause === 'middlebox-idle-reset-on-next-packet')
      return `A box on the path to ${server} forgets idle connections${idle} and resets their next packet`;
    if (cause === 'middlebox-idle-reset-at-expiry')
      return `A box on the path to ${server} resets idle connections${idle}`;
    return `The host at ${server} no longer knew the connection${idle}: a restart, a failover, or another host with that address`;
  },
  measure: ({ idle }): Record<string, number> => (idle?.idle ? { idle: idle.gap } : {}),
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'peer-lost-state',
      not: 'middlebox-idle-reset-on-next-packet',
      by: 'TTL and timing of the RST are those of the host',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'peer-lost-state',
      not: 'injected-reset',
      by: 'TTL and timing of the RST are those of the host',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'peer-lost-state',
      not: 'keep-alive-race-crossing',
      by: 'no FIN was seen, not even a late one',
      ask: ask.capture('server', 'a FIN that was lost on the way would be in it'),
    },
    {
      is: 'peer-lost-state',
      not: 'firewall-reject-mid-connection',
      by: 'TTL and timing of the RST are those of the host',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'peer-lost-state',
      not: 'accept-queue-overflow-drop',
      by: 'the connection had been served before',
      ask: ask.counters('sender', 'ListenOverflows'),
    },
    {
      is: 'peer-lost-state',
      not: 'retransmission-give-up',
      by: 'the side that reset had not been repeating anything in vain',
      ask: ask.log('server', 'the log of the program on that side: ETIMEDOUT before the reset'),
    },
    {
      is: 'peer-lost-state',
      not: 'unnatted-reply',
      by: 'the side that reset had not been heard for a while',
      ask: ask.capture('client', 'the same bytes from an address it never dialled'),
    },
    {
      is: 'middlebox-idle-reset-on-next-packet',
      not: 'injected-reset',
      by: 'it follows a long silence, whatever the content',
      ask: ask.config('box', 'the idle timeout of each balancer, NAT and firewall on the path'),
    },
    {
      is: 'middlebox-idle-reset-on-next-packet',
      not: 'middlebox-idle-reset-at-expiry',
      by: 'the RST answers a packet; nothing came at the expiry itself',
      ask: ask.state('server', 'a second run with another pause: here any longer pause ends the same way'),
    },
    {
      is: 'middlebox-idle-reset-on-next-packet',
      not: 'firewall-reject-mid-connection',
      by: 'it follows a long silence; a rule that rejects strikes a busy connection too',
      ask: ask.config('box', 'the idle timeout of each balancer, NAT and firewall on the path'),
    },
    {
      is: 'middlebox-idle-reset-at-expiry',
      not: 'injected-reset',
      by: 'it follows a long silence, whatever the content',
      ask: ask.config('box', 'the idle timeout of each balancer, NAT and firewall on the path'),
    },
  ],
});
