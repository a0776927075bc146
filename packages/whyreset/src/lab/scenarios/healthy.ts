import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${server}:8080/',
  requests: [{}, { bodyBytes: 3000 }, { afterMs: 200 }],
});
const parallel = JSON.stringify({
  url: 'http://${server}:8080/',
  parallel: true,
  keepAlive: false,
  requests: [{ method: 'GET' }, { bodyBytes: 100_000 }],
});

export default defineScenario({
  id: 'healthy',
  title: 'Nothing is wrong',
  shows:
    'Three requests on one connection, a pause, two more on connections of their own: all answered, all closed by FINs. Nothing may be reported.',
  needs: 'nothing',
  path: { delayMs: 20 },
  steps: [
    start('server', 'server', 'servers.mjs', ['idle', '8080', '{"idleMs":5000}'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [requests]),
    start('client', 'other', 'http-client.mjs', [parallel]),
    finish('client'),
    finish('other'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: null,
    reason: null,
    counters: { client: { TcpOutRsts: 0 }, server: { TcpOutRsts: 0 } },
    truth: everywhere(null),
  },
});
