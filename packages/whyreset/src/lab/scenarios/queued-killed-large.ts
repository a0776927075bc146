import { defineScenario, everywhere } from '../scenario.ts';
import { connect, finish, read, signal, start } from '../steps.ts';
import { ABORTED, HEADERS, upload } from '../unread.ts';

export default defineScenario({
  id: 'queued-killed-large',
  title: 'A frozen process is killed while an upload of 60 kB waits to be accepted',
  shows:
    'The process hangs (SIGSTOP) and never accepts; the kernel takes 60 kB in. When the process is killed the kernel disconnects what waited in the accept queue, without a close: ' +
    'the window in the RST is as small as in the last ACK. The next connect is refused.',
  needs: 'namespaces',
  snapLength: HEADERS,
  steps: [
    start('server', 'server', 'servers.mjs', ['plain', '8080'], { ready: /ready/ }),
    signal('server', 'SIGSTOP'),
    connect(),
    ...upload(),
    signal('server', 'SIGKILL'),
    read('client'),
    finish('server'),
    connect({ as: 'again' }),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    window: 'shrunk',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_STATE',
    counters: { server: { TcpExtTCPAbortOnClose: 0 } },
    also: ['no-listener'],
    truth: everywhere(
      'server',
      'listener-closed-with-queue',
      'process-died',
      ...ABORTED.filter((cause) => cause !== 'listener-closed-with-queue'),
    ),
  },
});
