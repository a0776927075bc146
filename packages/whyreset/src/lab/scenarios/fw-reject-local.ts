import { defineScenario } from '../scenario.ts';
import { ANSWERED, connect, firewall, listen } from '../steps.ts';

const truth = { sender: 'server', causes: ['firewall-reject', 'no-listener'] } as const;

export default defineScenario({
  id: 'fw-reject-local',
  title: 'A packet filter on the end host itself rejects',
  shows:
    'The server’s own input rule rejects a SYN: byte for byte and by TTL the RST is that of a closed port, but the kernel’s OutRsts does not move. ' +
    'Then an output rule on the client rejects a SYN before it leaves: ECONNREFUSED, and not a packet on the wire.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    ...ANSWERED,
    firewall(
      'server',
      'starts to reject new connections to port 8080',
      'table ip f { chain c { type filter hook input priority 0; tcp dport 8080 ct state new reject with tcp reset; }; }',
    ),
    connect({ as: 'late' }),
    firewall(
      'client',
      'rejects its own connections to port 8081',
      'table ip f { chain c { type filter hook output priority 0; tcp dport 8081 reject with tcp reset; }; }',
    ),
    listen('server', { port: 8081, as: 'other' }),
    connect({ as: 'forbidden', port: 8081 }),
  ],
  expect: {
    resetBy: 'server',
    shape: 'answer-to-syn',
    byFirewall: true,
    error: { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' },
    reason: null,
    counters: {
      server: { TcpOutRsts: 0, TcpPassiveOpens: 1 },
      client: { TcpOutRsts: 0, TcpActiveOpens: 3, TcpAttemptFails: 2 },
    },
    truth: { client: truth, server: truth, both: truth },
  },
});
