import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start, until } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${server}:8080/',
  requests: [{}, {}, { resetWhenDone: true }],
});

export default defineScenario({
  id: 'reset-after-response',
  title: 'A client resets when it has all it asked for',
  shows:
    'Three requests are answered on one connection; then the client resets it instead of closing, as browsers and many libraries do to be rid of it at once. Nothing was lost. The server may log ECONNRESET, and can ignore it.',
  needs: 'namespaces',
  steps: [
    start('server', 'server', 'servers.mjs', ['idle', '8080', '{"idleMs":5000}'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [requests]),
    finish('client'),
    until({ seen: { at: 'server', from: 'client', flags: 'R.' } }),
  ],
  expect: {
    resetBy: 'client',
    shape: 'active',
    error: null,
    reason: 'TCP_STATE',
    counters: { client: { TcpOutRsts: 1, TcpExtTCPAbortOnData: 1 }, server: { TcpOutRsts: 0 } },
    truth: everywhere('client', 'client-reset-after-response'),
  },
});
