import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, firewall, laterExchange, REQUEST, RESPONSE, read, send, silence } from '../steps.ts';

const truth = {
  sender: 'router',
  causes: [
    'firewall-reject-mid-connection',
    'policy-reset',
    'injected-reset',
    'middlebox-idle-reset-on-next-packet',
  ],
} as const;

export default defineScenario({
  id: 'rule-inserted-in-pause',
  title: 'A rule that rejects is loaded while the connection pauses',
  shows:
    'Three requests are answered, then the client pauses for 3 s. In that time a rule is loaded on the router, and the next request is rejected. ' +
    'Nothing expired: the same packets would come from a box that forgets after 3 s.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    ...ANSWERED,
    ...Array.from({ length: 2 }, () => [
      send('client', REQUEST),
      read('server'),
      send('server', RESPONSE),
      read('client'),
    ]).flat(),
    silence(3, 'the client pauses'),
    firewall(
      'router',
      'starts to reject what goes to port 8080',
      'table ip f { chain c { type filter hook forward priority 0; tcp dport 8080 reject with tcp reset; }; }',
    ),
    send('client', REQUEST),
    read('client'),
    ...laterExchange(8081),
  ],
  expect: {
    resetBy: 'router',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: null,
    counters: { server: { TcpOutRsts: 0 }, router: { TcpOutRsts: 0 } },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
