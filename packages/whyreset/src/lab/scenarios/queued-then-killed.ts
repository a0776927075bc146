import { defineScenario, everywhere } from '../scenario.ts';
import { connect, finish, signal, start, until } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${server}:8080/',
  parallel: true,
  requests: [{ method: 'GET' }, { method: 'GET' }, { method: 'GET' }],
});

export default defineScenario({
  id: 'queued-then-killed',
  title: 'A frozen process is killed while connections wait for it',
  shows:
    'The process hangs (SIGSTOP). Three clients connect and send their requests: the kernel takes both in. Then somebody kills it, and the kernel resets what nobody had accepted, in one instant. ' +
    'Node says “read ECONNRESET” on a fresh connection; the next connect is refused.',
  needs: 'namespaces',
  steps: [
    start('server', 'server', 'servers.mjs', ['plain', '8080'], { ready: /ready/ }),
    signal('server', 'SIGSTOP'),
    start('client', 'client', 'http-client.mjs', [requests]),
    until({ seen: { at: 'client', from: 'server', flags: '.', times: 3 } }),
    signal('server', 'SIGKILL'),
    finish('client'),
    connect({ as: 'again' }),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'read' },
    reason: 'TCP_STATE',
    counters: { server: { TcpExtTCPAbortOnClose: 0, TcpEstabResets: 3 } },
    also: ['no-listener'],
    truth: everywhere('server', 'listener-closed-with-queue', 'process-died', 'unread-data-at-close'),
  },
});
