import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

export default defineScenario({
  id: 'h2-refused',
  title: 'An HTTP/2 stream is refused, and TCP knows nothing of it',
  shows:
    'The server answers the request with RST_STREAM and REFUSED_STREAM: it was not processed, and may be repeated. The program reads of a “stream closed with error code”; no RST of TCP is anywhere.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['h2c', '8080', '{"refuse":7}'], { ready: /ready/ }),
    start('client', 'client', 'http2-client.mjs', ['http://${server}:8080']),
    finish('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ERR_HTTP2_STREAM_ERROR', message: /NGHTTP2_REFUSED_STREAM/ },
    says: { client: /"rstCode":7/ },
    reason: null,
    truth: everywhere(null, 'http2-stream-reset'),
  },
});
