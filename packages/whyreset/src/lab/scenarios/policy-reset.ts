import { FORGED } from '../injector.ts';
import { defineScenario } from '../scenario.ts';
import { box, finish, start } from '../steps.ts';

const truth = { sender: 'router', causes: ['policy-reset', 'injected-reset'] } as const;
const strike = { ...FORGED, ttl: 61, window: 0, ipId: 0 } as const;
const ask = (host: string) => ({ method: 'GET', host });
const requests = JSON.stringify({
  url: 'http://${server}:8080/',
  keepAlive: false,
  requests: [
    ask('good.example'),
    ask('forbidden.example'),
    ask('good.example'),
    ask('forbidden.example'),
    ask('forbidden.example'),
  ],
});

export default defineScenario({
  id: 'policy-reset',
  title: 'A filter resets one name and lets others pass',
  shows:
    'A firewall on the path reads the Host header and resets both ends when it says forbidden.example, every time; good.example at the same address is served. The handshake is always let through, because only the request shows what is wanted.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    start('server', 'server', 'servers.mjs', ['plain', '8080'], { ready: /ready/ }),
    box({
      does: 'resets both ends when the client asks for forbidden.example',
      port: 8080,
      when: { text: 'Host: forbidden.example' },
      strikes: [strike, { ...strike, towards: 'server' }],
    }),
    start('client', 'client', 'http-client.mjs', [requests]),
    finish('client'),
  ],
  expect: {
    resetBy: 'router',
    shape: 'forged',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'read' },
    says: { client: /"status":200/ },
    counters: { server: { TcpOutRsts: 0 } },
    truth: { client: truth, server: truth, both: truth },
  },
});
