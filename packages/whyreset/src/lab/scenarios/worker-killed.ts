import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${server}:8080/slow',
  keepAlive: false,
  // A pause, so that the supervisor has noticed a worker's death before it hands out the next request.
  requests: [{}, { afterMs: 300 }, { afterMs: 300 }].map((each) => ({ ...each, bodyBytes: 3_000_000 })),
});

export default defineScenario({
  id: 'worker-killed',
  title: 'A supervisor kills workers that take too long',
  shows:
    'A supervisor gives each request one second (gunicorn’s --timeout, php-fpm’s request_terminate_timeout) and then kills its worker. ' +
    'Each upload dies at the same age, in an active RST because bytes were unread, and the next request is served by a new worker.',
  needs: 'nothing',
  steps: [
    start('server', 'supervisor', 'supervisor.mjs', ['8080', '1000'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [requests]),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 3 } },
    truth: everywhere(
      'server',
      'worker-killed',
      'unread-data-at-close',
      'server-timeout-on-slow-client',
      'process-died',
    ),
  },
});
