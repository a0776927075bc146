import { nginx } from '../proxies.ts';
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
  id: 'nginx-upstream-race',
  title: 'nginx loses the keep-alive race against its upstream, and the client sees 502',
  shows:
    'nginx keeps connections to its upstream open (keepalive 8), the upstream closes them after 300 ms. A POST crosses the FIN; nginx does not repeat a POST, logs “upstream prematurely closed connection”, and answers 502. ' +
    'At the client no packet is out of order: the reset is between nginx and the upstream.',
  needs: 'namespaces',
  tools: { nginx: 'nginx-light' },
  path: { delayMs: 40 },
  steps: [
    start('server', 'server', 'servers.mjs', ['idle', '8080', '{"idleMs":300}'], { ready: /ready/ }),
    ...nginx(
      'router',
      'upstream u { server ${server}:8080; keepalive 8; } server { listen 8080; location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; } }',
    ),
    start('client', 'client', 'http-client.mjs', [requests]),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: null,
    says: {
      client: /"status":502/,
      nginx: /upstream prematurely closed connection|Connection reset by peer/,
    },
    reason: 'TCP_ABORT_ON_DATA',
    truth: { client: NOTHING, server: truth, both: truth },
  },
});
