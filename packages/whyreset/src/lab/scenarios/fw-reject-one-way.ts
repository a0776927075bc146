import { defineScenario } from '../scenario.ts';
import { ANSWERED, firewall, REQUEST, RESPONSE, read, send, set, until } from '../steps.ts';

const truth = { sender: 'router', causes: ['firewall-reject-mid-connection', 'injected-reset'] } as const;

export default defineScenario({
  id: 'fw-reject-one-way',
  title: 'A firewall rejects one direction: the server is reset, the client hangs',
  shows:
    'The rule that is loaded on the router rejects what comes from the server. The request still arrives; what the server sends is rejected in the name of the client, and the server reads ECONNRESET. ' +
    'The client, who was told nothing, repeats itself until it gives up: ETIMEDOUT.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { delayMs: 20 },
  steps: [
    ...ANSWERED,
    firewall(
      'router',
      'starts to reject what comes from port 8080',
      'table ip f { chain c { type filter hook forward priority 0; tcp sport 8080 reject with tcp reset; }; }',
    ),
    set('client', 'TCP_USER_TIMEOUT', 2000),
    send('client', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('server'),
    until({ gone: 'client' }),
    read('client'),
  ],
  expect: {
    resetBy: 'router',
    shape: 'passive',
    error: { code: 'ETIMEDOUT', errno: -110 },
    counters: { router: { TcpOutRsts: 0 }, client: { TcpOutRsts: 0 }, server: { TcpEstabResets: 1 } },
    truth: {
      // Its own requests go out and nothing comes back, neither data nor RST.
      client: {
        sender: null,
        causes: ['retransmission-give-up', 'firewall-reject-mid-connection'],
      },
      server: truth,
      both: truth,
    },
  },
});
