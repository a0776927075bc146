import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, firewall, REQUEST, read, send } from '../steps.ts';

const truth = {
  sender: 'router',
  causes: ['firewall-reject-mid-connection', 'policy-reset', 'injected-reset'],
} as const;

export default defineScenario({
  id: 'fw-reject-live',
  title: 'A firewall starts to reject in the middle of a connection',
  shows:
    'A rule is loaded on the router while a connection lives. The next request is answered by the router, in the name of the server: ' +
    'TTL 64 where the server’s packets have 63, and far sooner than the round trip. The server learns nothing and waits.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { delayMs: 20 },
  steps: [
    ...ANSWERED,
    firewall(
      'router',
      'starts to reject what goes to port 8080',
      'table ip f { chain c { type filter hook forward priority 0; tcp dport 8080 reject with tcp reset; }; }',
    ),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'router',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104 },
    reason: null,
    counters: { server: { TcpOutRsts: 0 }, router: { TcpOutRsts: 0 } },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
