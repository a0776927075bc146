import { who } from '../evidence/packets.ts';
import { type Citation, cite, defineCause, supported } from './define.ts';

/** RFC 8684 §3.6: middlebox interference. */
const MIDDLEBOX = 6;

const says = {
  option: (reason: number, meaning: string, transient: boolean) =>
    `the RST carries MP_TCPRST with reason ${reason}, ${meaning}${transient ? ', marked as transient' : ''}`,
  middlebox: (name: string) => `the ${name}’s stack reports that a box on the path changed its options`,
};

export default defineCause({
  id: 'mptcp-subflow-reset',
  taxonomy: 'D17',
  family: 'harmless',
  baseRate: { is: 'rare', source: 'only where both hosts speak Multipath TCP' },
  title: 'One sub-flow of a Multipath TCP connection was reset, and says why',
  resetBy: 'either',
  benign: false,
  kernelReasons: [
    'SK_RST_REASON_MPTCP_RST_EUNSPEC',
    'SK_RST_REASON_MPTCP_RST_EMPTCP',
    'SK_RST_REASON_MPTCP_RST_ERESOURCE',
    'SK_RST_REASON_MPTCP_RST_EPROHIBIT',
    'SK_RST_REASON_MPTCP_RST_EWQ2BIG',
    'SK_RST_REASON_MPTCP_RST_EBADPERF',
    'SK_RST_REASON_MPTCP_RST_EMIDDLEBOX',
  ],
  counters: ['MPTcpExtMPRstTx', 'MPTcpExtMPRstRx', 'OutRsts'],
  references: ['RFC 8684 §3.6 (MP_TCPRST) and §3.3.2', 'Linux net/mptcp/subflow.c, include/net/rstreason.h'],
  explain:
    'This TCP connection was one of the sub-flows of a Multipath TCP connection, and its stack reset it with the option MP_TCPRST, which carries the reason. ' +
    'The connection that the programs see may go on over the other sub-flows; usually no program notices anything. ' +
    'A stack ends single sub-flows when a path performs badly, when it lacks memory, when a policy forbids one more, or when a box on the path changed its options. ' +
    'Only when it was the last sub-flow does a program read ECONNRESET. ' +
    'The T flag of the option says whether trying again makes sense.',
  refines: [
    'unread-data-at-close',
    'abort-by-linger-zero',
    'administrative-kill',
    'server-idle-kill',
    'client-gave-up',
    'client-reset-after-response',
    'peer-lost-state',
    'keep-alive-race-unread',
  ],
  requires: ['mptcpReset', 'reset'],
  examine({ mptcpReset, reset }) {
    const { reason, meaning, transient } = mptcpReset;
    const { number } = reset.packet;
    const because: Citation[] = [cite('mptcpReset', says.option(reason, meaning, transient), number)];
    if (reason === MIDDLEBOX) because.push(cite('mptcpReset', says.middlebox(who(reset.side)), number));
    // The stack states it; whether the stack made the RST is judged apart.
    return supported('proof', because, reset.side);
  },
  advice({ mptcpReset, reset }) {
    const said = mptcpReset === null ? 'its reason' : `reason ${mptcpReset.reason}, ${mptcpReset.meaning}`;
    return [
      {
        who: who(reset?.side ?? 'responder'),
        do: `Read the option (${said}): "ip mptcp monitor" and nstat MPTcpExt* on this host show which sub-flows come and go, "ip mptcp limits" and "ip mptcp endpoint" which are allowed. Nothing needs doing while the connection goes on over another sub-flow`,
      },
      {
        who: 'path',
        do: 'With reason 6 (middlebox interference) let the firewall or proxy on this path pass TCP option 30 unchanged, or switch Multipath TCP off for it',
      },
    ];
  },
  scenario: 'mptcp-subflow',
  examples: {
    match: [
      `# at the client: the server ends the sub-flow over a bad path
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 > P. len 300
+0.041 < . len 1400
+0.042 > .
+2.500 < R. mptcprst 5`,
      `# a segment that could not be placed: the bare RST carries the option as well
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 > P. len 300
+0.041 < . len 1400
+0.042 > .
+2.480 > P. len 300
+2.500 < R passive mptcprst 6`,
    ],
    miss: [
      `# an ordinary abort says nothing
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 > P. len 300
+0.041 < . len 1400
+0.042 > .
+2.500 < R.`,
    ],
  },
});
