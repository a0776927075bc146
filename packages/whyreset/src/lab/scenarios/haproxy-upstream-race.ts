import { haproxy } from '../proxies.ts';
import { defineScenario, NOTHING } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${router}:8080/orders',
  requests: [{}, { afterMs: 150 }, { afterMs: 255 }],
});
const truth = {
  sender: 'server',
  causes: ['keep-alive-race-crossing', 'write-after-close', 'keep-alive-race-unread'],
} as const;

export default defineScenario({
  id: 'haproxy-upstream-race',
  title: 'HAProxy loses the keep-alive race against its backend',
  shows:
    'HAProxy reuses its backend connections (http-reuse always), the backend closes them after 300 ms. A POST crosses the FIN; HAProxy must not repeat it and cannot tell whether it was executed, so it closes the client’s connection without an answer, for the client to decide. Node calls that “socket hang up”.',
  needs: 'namespaces',
  tools: { haproxy: 'haproxy' },
  path: { delayMs: 40 },
  steps: [
    start('server', 'server', 'servers.mjs', ['idle', '8080', '{"idleMs":300}'], { ready: /ready/ }),
    ...haproxy('  http-reuse always\n  retry-on none\n'),
    start('client', 'client', 'http-client.mjs', [requests]),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET', message: /socket hang up/ },
    truth: { client: NOTHING, server: truth, both: truth },
  },
});
