import { defineScenario, everywhere } from '../scenario.ts';
import { ANSWERED, close, hold, REQUEST, read, release, send, set, until } from '../steps.ts';

export default defineScenario({
  id: 'reset-overtakes-answer',
  title: 'A RST overtakes the server’s own answer in a queue',
  shows:
    'The server answers and closes while the client has already sent its next request. The path’s queue is full and lets SYN and RST go first (as many home routers do): ' +
    'the RST arrives before the answer and the FIN, which the server had sent earlier. Data after a RST is no proof that its sender lived on.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    ...ANSWERED,
    set('client', 'TCP_NODELAY', 1),
    hold,
    send('client', REQUEST),
    read('server'),
    set('server', 'TCP_NODELAY', 1),
    send('server', { bytes: 5_000 }),
    close('server'),
    send('client', REQUEST),
    until({ seen: { at: 'client', from: 'server', flags: 'R' } }),
    release,
    read('client'),
    until({ seen: { at: 'client', from: 'server', flags: 'F.' } }),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_ABORT_ON_DATA',
    counters: { server: { TcpExtTCPAbortOnData: 1 } },
    truth: {
      ...everywhere('server', 'write-after-close', 'keep-alive-race-crossing', 'max-requests-or-age'),
      // In the order of the server the request came right behind the second answer and its close.
      server: {
        sender: 'server',
        causes: ['max-requests-or-age', 'write-after-close', 'keep-alive-race-crossing'],
      },
    },
  },
});
