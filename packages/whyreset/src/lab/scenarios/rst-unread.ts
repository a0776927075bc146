import { defineScenario, everywhere } from '../scenario.ts';
import { CONNECTED, close, REQUEST, read, send, until } from '../steps.ts';

export default defineScenario({
  id: 'rst-unread',
  title: 'A server closes with a request unread',
  shows:
    'The request has arrived, acknowledged by the kernel, but the program closes without reading it. ' +
    'The kernel turns the close into a RST: data was lost, and TCP says so (RFC 2525 §2.17).',
  needs: 'nothing',
  steps: [
    ...CONNECTED,
    send('client', REQUEST),
    until({ unread: 'server', atLeast: REQUEST.length }),
    close('server'),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 1, TcpOutRsts: 1, TcpEstabResets: 1 } },
    truth: everywhere('server', 'unread-data-at-close', 'abort-by-linger-zero', 'listener-closed-with-queue'),
  },
});
