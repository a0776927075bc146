import { defineScenario, everywhere } from '../scenario.ts';
import { connect, destroy, read } from '../steps.ts';
import { ABORTED, HEADERS, UNREAD } from '../unread.ts';

export default defineScenario({
  id: 'ssk-unread',
  title: 'An operator destroys a connection with 60 kB unread (ss -K)',
  shows:
    'tcp_abort sends its RST without a close: the receive queue is still full, and the window in the RST is as small as in the last ACK. The port goes on accepting.',
  needs: 'namespaces',
  snapLength: HEADERS,
  steps: [...UNREAD, destroy('server'), read('client'), connect({ as: 'again' })],
  expect: {
    resetBy: 'server',
    shape: 'active',
    window: 'shrunk',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_STATE',
    counters: { server: { TcpOutRsts: 1, TcpExtTCPAbortOnData: 0, TcpExtTCPAbortOnClose: 0 } },
    truth: everywhere('server', ...ABORTED),
  },
});
