import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${server}:8080/',
  requests: [{}, { afterMs: 100 }, { afterMs: 100, blockMs: 700 }],
});

export default defineScenario({
  id: 'keepalive-race-stalled-client',
  title: 'A stalled client reuses a connection that it was told is closed',
  shows:
    'The server closes after 300 ms of idleness. Its FIN is in the client’s kernel, acknowledged, but the client’s event loop is blocked for 700 ms and does not look: ' +
    'it takes the dead connection from its pool. Node calls the end “socket hang up”.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['idle', '8080', '{"idleMs":300}'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [requests]),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET', message: /socket hang up/ },
    reason: 'TCP_TIMEWAIT_SOCKET|TCP_ABORT_ON_DATA',
    counters: { server: { TcpOutRsts: 'some' } },
    truth: everywhere('server', 'stale-pool-reuse'),
  },
});
