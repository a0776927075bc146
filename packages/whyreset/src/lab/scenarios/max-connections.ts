import { defineScenario, everywhere } from '../scenario.ts';
import { connect, finish, REQUEST, read, send, start, until } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${server}:8080/',
  keepAlive: false,
  requests: [{ method: 'GET' }],
});

export default defineScenario({
  id: 'max-connections',
  title: 'A server at its own limit of connections',
  shows:
    'The server takes two connections (server.maxConnections) and closes every further one as it accepts it: “socket hang up”, or ECONNRESET when the request was there first. The two that are in go on being served.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['limited', '8080', '{"maxConnections":2}'], { ready: /ready/ }),
    connect({ as: 'first' }),
    connect({ as: 'second' }),
    send('first', REQUEST),
    read('first'),
    start('client', 'client', 'http-client.mjs', [requests]),
    finish('client'),
    connect({ as: 'late' }),
    send('late', REQUEST),
    until({ gone: 'late' }),
    send('second', REQUEST),
    read('second'),
  ],
  expect: {
    resetBy: 'server',
    shape: null,
    error: { code: 'ECONNRESET' },
    says: { server: /drop/ },
    reason: 'TCP_ABORT_ON_CLOSE|TCP_ABORT_ON_DATA|TCP_TIMEWAIT_SOCKET',
    // Of a request that was there first.
    also: ['unread-data-at-close', 'write-after-close'],
    truth: everywhere('server', 'connection-limit-reached', 'descriptor-exhaustion'),
  },
});
