import { ask, defineFamily } from './define.ts';

export default defineFamily({
  id: 'harmless',
  title: 'Harmless ending',
  benign: true,
  sharedBy: 'server',
  statement: () => 'Harmless ending',
  headline: () => 'Harmless ending',
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'client-reset-after-response',
      not: 'late-packet-after-close',
      by: 'the RST itself ended the connection, not a pair of FINs',
      ask: ask.log('client', 'the log of the client at that moment'),
    },
    {
      is: 'health-check-reset',
      not: 'reset-of-unexpected-syn-ack',
      by: 'the answer was prompt',
      ask: ask.state('client', 'which program runs at the client address, and whether it checks this port'),
    },
    {
      is: 'blind-reset-ignored',
      not: 'injected-reset',
      by: 'the receiver did not obey, and both ends went on',
      ask: ask.state(
        'server',
        'what the application at either end did afterwards: an error there means that the RST counted',
      ),
    },
    {
      is: 'mptcp-subflow-reset',
      not: 'abort-by-linger-zero',
      by: 'the RST names its reason in an option that only Multipath TCP writes',
      ask: ask.state('server', 'ss -M on either host: whether the connection has other sub-flows'),
    },
    {
      is: 'mptcp-subflow-reset',
      not: 'administrative-kill',
      by: 'the RST names its reason in an option that only Multipath TCP writes',
      ask: ask.state('server', 'ss -M on either host: whether the connection has other sub-flows'),
    },
  ],
});
