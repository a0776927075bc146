import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

export default defineScenario({
  id: 'h2-on-h1',
  title: 'HTTP/2 to a server that speaks HTTP/1',
  shows:
    'The client begins with the connection preface of HTTP/2, as gRPC clients do. The server reads “PRI * HTTP/2.0” as a broken request, answers 400 in HTTP/1.1 and closes; what the client still sends meets a closed socket.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['plain', '8080'], { ready: /ready/ }),
    start('client', 'client', 'http2-client.mjs', ['http://${server}:8080']),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: null,
    error: { code: 'ERR_HTTP2_ERROR', message: /Protocol error/ },
    truth: everywhere('server', 'http-version-mismatch'),
  },
});
