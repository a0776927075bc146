import { ask, defineFamily } from './define.ts';

export default defineFamily({
  id: 'refused',
  title: 'Connection refused before it began',
  benign: false,
  sharedBy: 'server',
  statement: () => 'Connection refused before it began',
  headline: () => 'Connection refused before it began',
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'no-listener',
      not: 'firewall-reject',
      by: 'TTL and speed of the RST are those of the server, not of a box before it',
      ask: ask.capture('server', 'a SYN that never arrives there was rejected on the way'),
    },
    {
      is: 'accept-queue-overflow-reset',
      not: 'injected-reset',
      by: 'TTL and timing of the RST are those of the SYN-ACK',
      ask: ask.capture('server', 'whether it holds the RST'),
    },
    {
      is: 'reset-of-unexpected-syn-ack',
      not: 'health-check-reset',
      by: 'the answer came late, or nobody had asked; a check or scan resets a prompt answer',
      ask: ask.config('client', 'which program runs at the client address, and its connect timeout'),
    },
  ],
});
