import { defineScenario, everywhere } from '../scenario.ts';
import { ANSWERED, close, REQUEST, read, send, silence, until } from '../steps.ts';

export default defineScenario({
  id: 'keepalive-race-unread',
  title: 'Keep-alive race: the request arrives just before the close, and is never read',
  shows:
    'The next request is in the server’s kernel, acknowledged, when the idle timer (1 s) of the busy server program fires first and closes the socket. ' +
    'Unread bytes make it a RST without any FIN; the client cannot know that its request was never seen.',
  needs: 'nothing',
  steps: [
    ...ANSWERED,
    silence(1, 'the server’s idle timer runs'),
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
    counters: { server: { TcpExtTCPAbortOnClose: 1 } },
    truth: everywhere('server', 'keep-alive-race-unread', 'unread-data-at-close', 'abort-by-linger-zero'),
  },
});
