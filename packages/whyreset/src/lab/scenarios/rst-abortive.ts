import { defineScenario, everywhere } from '../scenario.ts';
import { abort, CONNECTED, REQUEST, read, send } from '../steps.ts';

export default defineScenario({
  id: 'rst-abortive',
  title: 'A server aborts on purpose',
  shows:
    'The program has read the request and closes with SO_LINGER {1, 0}, as socket.resetAndDestroy() and many proxies do: a RST in the place of a FIN. ' +
    'In the packets this looks like a close with unread bytes; the kernel knows which it was.',
  needs: 'nothing',
  steps: [...CONNECTED, send('client', REQUEST), read('server'), abort('server'), read('client')],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_STATE',
    counters: { server: { TcpExtTCPAbortOnData: 1, TcpExtTCPAbortOnClose: 0, TcpOutRsts: 1 } },
    truth: everywhere('server', 'abort-by-linger-zero', 'unread-data-at-close', 'listener-closed-with-queue'),
  },
});
