import { defineScenario, everywhere } from '../scenario.ts';
import { connect, finish, signal, start, until } from '../steps.ts';

const requests = JSON.stringify({
  url: 'http://${server}:8080/',
  parallel: true,
  requests: [{ method: 'GET' }, { method: 'GET' }, { method: 'GET' }],
});

export default defineScenario({
  id: 'crash-idle',
  title: 'A server process dies with nothing unread',
  shows:
    'The process is killed (SIGKILL, as the out-of-memory killer does) while three requests wait for their answers. It had read everything, so its kernel says FIN, not RST: ' +
    'Node calls that “socket hang up” with the code ECONNRESET, although no reset was ever sent. The next connect is refused.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['hang', '8080'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [requests]),
    until({ said: 'server', line: /request 3/ }),
    signal('server', 'SIGKILL'),
    finish('client'),
    connect({ as: 'again' }),
  ],
  expect: {
    resetBy: 'server',
    shape: 'answer-to-syn',
    error: { code: 'ECONNRESET', message: /socket hang up/ },
    counters: { server: { TcpExtTCPAbortOnClose: 0, TcpExtTCPAbortOnData: 0 } },
    also: ['no-listener'],
    truth: everywhere('server', 'process-died', 'worker-killed'),
  },
});
