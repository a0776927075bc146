import { defineScenario, NOTHING } from '../scenario.ts';
import { accept, connect, firewall, listen, REQUEST, RESPONSE, read, send } from '../steps.ts';

const truth = { sender: 'router', causes: ['firewall-reject'] } as const;

export default defineScenario({
  id: 'fw-reject-new',
  title: 'A firewall rejects a new connection',
  shows:
    'The service on port 8081 runs, but the router rejects the SYN in its name. The RST has the TTL of the router, and comes within a millisecond where port 8080 of the same host needs 40. ' +
    'No kernel counted a RST: a packet filter sends without a socket.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { delayMs: 20 },
  steps: [
    firewall(
      'router',
      'rejects what goes to port 8081',
      'table ip f { chain c { type filter hook forward priority 0; tcp dport 8081 reject with tcp reset; }; }',
    ),
    listen('server'),
    listen('server', { port: 8081, as: 'hidden' }),
    connect({ as: 'neighbour' }),
    accept(),
    send('neighbour', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('neighbour'),
    connect({ port: 8081 }),
  ],
  expect: {
    resetBy: 'router',
    shape: 'answer-to-syn',
    error: { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' },
    reason: null,
    counters: { server: { TcpOutRsts: 0 }, router: { TcpOutRsts: 0 }, client: { TcpAttemptFails: 1 } },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
