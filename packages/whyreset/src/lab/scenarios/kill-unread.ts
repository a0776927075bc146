import { defineScenario, everywhere } from '../scenario.ts';
import { connect, finish, read, signal, start, until } from '../steps.ts';
import { CLOSED, HEADERS, upload } from '../unread.ts';

export default defineScenario({
  id: 'kill-unread',
  title: 'A server process is killed with 60 kB unread',
  shows:
    'SIGKILL closes every socket of the process as close() does: the receive queue is emptied first, and the window in the RST is open again. The next connect is refused.',
  needs: 'nothing',
  snapLength: HEADERS,
  steps: [
    start('server', 'server', 'servers.mjs', ['unread', '8080'], { ready: /ready/ }),
    connect(),
    until({ said: 'server', line: /accepted/ }),
    ...upload(),
    signal('server', 'SIGKILL'),
    read('client'),
    finish('server'),
    connect({ as: 'again' }),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    window: 'reopened',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 1 } },
    also: ['no-listener'],
    truth: everywhere('server', 'process-died', ...CLOSED.filter((cause) => cause !== 'process-died')),
  },
});
