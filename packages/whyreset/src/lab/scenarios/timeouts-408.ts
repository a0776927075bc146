import { defineScenario, everywhere } from '../scenario.ts';
import { connect, read, send, start, until } from '../steps.ts';

const LATE = 'X-Late: slow\r\n\r\n';
const names = ['a', 'b', 'c'];

export default defineScenario({
  id: 'timeouts-408',
  title: 'A server gives up on clients that send too slowly',
  shows:
    'Three clients begin a request and do not finish it. Node’s headersTimeout (1.5 s here) answers 408 and closes; what they send afterwards meets a closed socket, and is answered by a RST.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['slow', '8080', '{"headersTimeout":1500}'], { ready: /ready/ }),
    ...names.map((as) => connect({ as })),
    ...names.map((on) => send(on, 'GET / HTTP/1.1\r\nHost: example.test\r\n')),
    ...names.flatMap((on) => [read(on), read(on), send(on, LATE), until({ gone: on }), send(on, LATE)]),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'EPIPE|ECONNRESET' },
    truth: everywhere('server', 'server-timeout-on-slow-client', 'write-after-close'),
  },
});
