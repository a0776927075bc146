import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${server}:8080/',
  keepAlive: false,
  requests: [{ method: 'GET' }, { method: 'GET' }, { method: 'GET' }],
});

export default defineScenario({
  id: 'proxy-protocol-missing',
  title: 'A server that expects a PROXY header gets none',
  shows:
    'The listener is set for the PROXY protocol and the balancer in front does not send it. The server reads the request where the header should be and closes without a word, three times out of three: “socket hang up”.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['proxied', '8080'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [requests]),
    finish('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ECONNRESET', message: /socket hang up/ },
    says: { server: /broken header/ },
    reason: null,
    truth: everywhere(null, 'proxy-protocol-mismatch'),
  },
});
