import { defineScenario } from '../scenario.ts';
import { ANSWERED, firewall, read, send, set, until } from '../steps.ts';

const truth = { sender: null, causes: ['path-mtu-blackhole', 'retransmission-give-up'] } as const;

export default defineScenario({
  id: 'pmtu-blackhole',
  title: 'Small packets pass, large ones vanish',
  shows:
    'A link behind the router takes 1,280 bytes only, and a firewall drops the ICMP messages that would say so (RFC 2923). Small requests work; the first full-size segment is repeated for ever.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { narrowMtu: 1280 },
  steps: [
    firewall(
      'router',
      'sends no ICMP',
      'table ip f { chain c { type filter hook output priority 0; ip protocol icmp drop; }; }',
    ),
    ...ANSWERED,
    set('client', 'TCP_USER_TIMEOUT', 3000),
    send('client', { bytes: 20_000 }),
    until({ gone: 'client' }),
    read('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ETIMEDOUT', errno: -110 },
    truth: { client: truth, server: { sender: null, causes: [] }, both: truth },
  },
});
