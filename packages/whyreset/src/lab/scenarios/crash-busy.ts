import { defineScenario, everywhere } from '../scenario.ts';
import { connect, finish, signal, start, until } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${server}:8080/upload',
  parallel: true,
  requests: [{ bodyBytes: 4_000_000 }, { bodyBytes: 4_000_000 }],
});

export default defineScenario({
  id: 'crash-busy',
  title: 'A server process dies in the middle of uploads',
  shows:
    'The process is killed while two uploads wait in its kernel, unread. A kernel that closes a socket with unread bytes must reset it: ' +
    'the same death as in crash-idle, but now the clients see ECONNRESET. The next connect is refused.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['sip', '8080'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [requests]),
    until({ said: 'server', line: /stopped reading 2/ }),
    signal('server', 'SIGKILL'),
    finish('client'),
    connect({ as: 'again' }),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 2 } },
    also: ['no-listener'],
    truth: everywhere('server', 'process-died', 'unread-data-at-close', 'worker-killed'),
  },
});
