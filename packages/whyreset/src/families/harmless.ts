import { seconds, who } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';

export default defineFamily({
  id: 'harmless',
  title: 'Harmless ending',
  benign: true,
  outcome: 'ended so',
  sharedBy: 'server',
  statement({ reset, endings, oldReset }) {
    if (oldReset !== null) return oldReset.says;
    if (endings?.both === true) return 'both sides had closed before the RST; it answers a late packet';
    return reset === null
      ? 'the connection ended with nothing outstanding'
      : `the ${who(reset.side)} sent the RST with nothing outstanding on either side`;
  },
  headline({ cause, facts: { reset, exchange } }) {
    if (cause === 'blind-reset-ignored') return 'The receiver ignored the RST, and the connection went on';
    if (cause === 'health-check-reset')
      return 'The client connected and reset without sending a byte: a health check or a scan';
    if (cause === 'mptcp-subflow-reset') return 'One sub-flow of a Multipath TCP connection was reset';
    if (cause === 'late-packet-after-close')
      return 'The connection was over; the RST only answers a late packet';
    const quiet =
      reset !== null && exchange !== null ? reset.packet.time - exchange.responder.lastDataTime : -1;
    return `The client reset the connection${quiet < 0 ? '' : ` ${seconds(quiet)}`} after it had the whole answer`;
  },
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
