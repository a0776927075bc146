import { defineScenario, everywhere } from '../scenario.ts';
import { abort, read } from '../steps.ts';
import { CLOSED, HEADERS, UNREAD, UNREAD_BYTES } from '../unread.ts';

export default defineScenario({
  id: 'linger-after-read',
  title: 'A server reads 60 kB at once and aborts',
  shows:
    'The program reads all that waits and closes with SO_LINGER {1, 0}. The window in the RST is open again, as after a close with data unread: the window tells that the program closed, not why.',
  needs: 'nothing',
  snapLength: HEADERS,
  steps: [...UNREAD, read('server', UNREAD_BYTES), abort('server'), read('client')],
  expect: {
    resetBy: 'server',
    shape: 'active',
    window: 'reopened',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_STATE',
    counters: { server: { TcpExtTCPAbortOnData: 1, TcpExtTCPAbortOnClose: 0 } },
    truth: everywhere(
      'server',
      'abort-by-linger-zero',
      ...CLOSED.filter((cause) => cause !== 'abort-by-linger-zero'),
    ),
  },
});
