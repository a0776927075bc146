import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const request = JSON.stringify({ url: 'http://${server}:8080/', requests: [{ method: 'GET' }] });

export default defineScenario({
  id: 'h1-on-h2c',
  title: 'HTTP/1 to a server that speaks HTTP/2 only',
  shows:
    'The server takes HTTP/2 with prior knowledge (h2c, as a gRPC port does) and speaks first: SETTINGS, then GOAWAY because the client’s bytes are no preface, and a FIN. Node’s HTTP/1 client cannot parse that.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['h2c', '8080'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [request]),
    finish('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    // The client closes at the first frame; the GOAWAY that is under way may meet a closed socket.
    mayReset: 'client',
    error: { code: 'HPE_INVALID_CONSTANT' },
    truth: everywhere(null, 'http-version-mismatch'),
  },
});
