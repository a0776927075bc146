import { defineScenario, everywhere } from '../scenario.ts';
import { CONNECTED, close, read, send, until } from '../steps.ts';

export default defineScenario({
  id: 'jumbo-one-side',
  title: 'Large segments at one end, small ones at the other',
  shows:
    'The client’s host leaves segmentation to its card (TSO), so its capture has segments far larger than the MTU; the server’s capture has the same bytes in segments of 1,448. ' +
    'The server closes with 12 kB unread. The two captures show one stream in two cuts.',
  needs: 'namespaces',
  path: { delayMs: 20, offload: 'client' },
  steps: [
    ...CONNECTED,
    send('client', { bytes: 12_000 }),
    until({ unread: 'server', atLeast: 12_000 }),
    close('server'),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 1 } },
    truth: everywhere(
      'server',
      'unread-data-at-close',
      'process-died',
      'worker-killed',
      'abort-by-linger-zero',
      'listener-closed-with-queue',
    ),
  },
});
