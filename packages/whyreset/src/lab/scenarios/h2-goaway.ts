import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

export default defineScenario({
  id: 'h2-goaway',
  title: 'A server says goodbye in HTTP/2: ENHANCE_YOUR_CALM',
  shows:
    'The server sends GOAWAY with ENHANCE_YOUR_CALM and “too_many_pings”, as gRPC servers do to clients that ping too often. The client ends its session with an error; TCP ends with FINs, in good order.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['h2c', '8080', '{"goaway":11}'], { ready: /ready/ }),
    start('client', 'client', 'http2-client.mjs', ['http://${server}:8080']),
    finish('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ERR_HTTP2_SESSION_ERROR', message: /code 11/ },
    says: { client: /too_many_pings/ },
    truth: everywhere(null, 'http2-stream-reset'),
  },
});
