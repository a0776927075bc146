import { defineScenario, everywhere } from '../scenario.ts';
import { abort, CONNECTED, REQUEST, read, send, until } from '../steps.ts';

const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

export default defineScenario({
  id: 'server-reset-after-response',
  title: 'A server resets the connection behind a complete answer that announced the close',
  shows:
    'The answer says `Connection: close` and is complete; then the program closes with SO_LINGER {1, 0} to be rid of TIME_WAIT. ' +
    'The client has the whole answer, and sees ECONNRESET only if it reads on.',
  needs: 'nothing',
  steps: [
    ...CONNECTED,
    send('client', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('client'),
    until({ acknowledged: 'server' }),
    abort('server'),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_STATE',
    counters: { server: { TcpExtTCPAbortOnData: 1, TcpExtTCPAbortOnClose: 0, TcpOutRsts: 1 } },
    truth: everywhere('server', 'server-reset-after-response', 'abort-by-linger-zero', 'administrative-kill'),
  },
});
