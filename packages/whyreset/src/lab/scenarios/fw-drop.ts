import { defineScenario, NOTHING } from '../scenario.ts';
import { connect, firewall, listen, until } from '../steps.ts';

const truth = { sender: null, causes: ['policy-drop'] } as const;

export default defineScenario({
  id: 'fw-drop',
  title: 'A firewall drops the SYN, and nobody answers',
  shows:
    'The same rule as fw-reject-new, but it drops instead of rejecting, as security groups do. The client repeats its SYN every second until it gives up: ETIMEDOUT, and not one packet in return.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    firewall(
      'router',
      'drops what goes to port 8080',
      'table ip f { chain c { type filter hook forward priority 0; tcp dport 8080 drop; }; }',
    ),
    listen('server'),
    connect({ wait: false, set: { TCP_USER_TIMEOUT: 2500 } }),
    until({ settled: 'client' }),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ETIMEDOUT', errno: -110, syscall: 'connect' },
    reason: null,
    counters: { client: { TcpExtTCPSynRetrans: 'some', TcpAttemptFails: 1 } },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
