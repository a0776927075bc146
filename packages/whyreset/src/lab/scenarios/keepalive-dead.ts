import { defineScenario } from '../scenario.ts';
import { ANSWERED, firewall, read, set, until } from '../steps.ts';

const truth = { sender: 'client', causes: ['keepalive-gave-up'] } as const;

export default defineScenario({
  id: 'keepalive-dead',
  title: 'TCP keepalive finds the other side dead',
  shows:
    'The path dies while the connection is idle. After a second of silence the client’s kernel probes (one byte before the next, twice), hears nothing, resets into the void and tells the program ETIMEDOUT.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    ...ANSWERED,
    set('client', 'TCP_KEEPIDLE', 1),
    set('client', 'TCP_KEEPINTVL', 1),
    set('client', 'TCP_KEEPCNT', 2),
    set('client', 'SO_KEEPALIVE', 1),
    firewall(
      'router',
      'drops everything',
      'table ip f { chain c { type filter hook forward priority 0; drop; }; }',
    ),
    until({ gone: 'client' }),
    read('client'),
  ],
  expect: {
    resetBy: 'client',
    shape: 'active',
    error: { code: 'ETIMEDOUT', errno: -110 },
    reason: 'TCP_KEEPALIVE_TIMEOUT',
    counters: { client: { TcpExtTCPAbortOnTimeout: 1, TcpExtTCPKeepAlive: 'some' } },
    truth: { client: truth, server: { sender: null, causes: [] }, both: truth },
  },
});
