import { defineScenario, everywhere } from '../scenario.ts';
import { close, read } from '../steps.ts';
import { CLOSED, HEADERS, UNREAD } from '../unread.ts';

export default defineScenario({
  id: 'close-unread-large',
  title: 'A server closes with 60 kB unread',
  shows:
    'The receive buffer is half full, and each ACK has a smaller window than the one before. close() empties the receive queue before it sends the RST: the window in the RST is open again.',
  needs: 'nothing',
  snapLength: HEADERS,
  steps: [...UNREAD, close('server'), read('client')],
  expect: {
    resetBy: 'server',
    shape: 'active',
    window: 'reopened',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 1 } },
    truth: everywhere('server', ...CLOSED),
  },
});
