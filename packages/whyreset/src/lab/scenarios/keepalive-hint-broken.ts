import { defineScenario, everywhere } from '../scenario.ts';
import { CONNECTED, close, REQUEST, read, send, silence, until } from '../steps.ts';

const HINT = 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nok';

export default defineScenario({
  id: 'keepalive-hint-broken',
  title: 'A server closes earlier than its own Keep-Alive header says',
  shows:
    'The answer says “Keep-Alive: timeout=5”, but the server closes after 2 s of idleness. The client trusts the header and sends its next request at that moment: request and FIN cross on the 20 ms path.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    ...CONNECTED,
    send('client', REQUEST),
    read('server'),
    send('server', HINT),
    read('client'),
    until({ acknowledged: 'server' }),
    silence(2, 'the server’s real idle timer runs'),
    close('server'),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: null,
    reason: 'TCP_ABORT_ON_DATA',
    counters: { server: { TcpExtTCPAbortOnData: 1 } },
    truth: everywhere('server', 'closed-before-own-hint', 'keep-alive-race-crossing'),
  },
});
