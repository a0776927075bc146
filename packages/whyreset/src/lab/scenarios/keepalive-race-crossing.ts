import { defineScenario, everywhere } from '../scenario.ts';
import { ANSWERED, close, REQUEST, read, send, silence } from '../steps.ts';

export default defineScenario({
  id: 'keepalive-race-crossing',
  title: 'Keep-alive race: the request crosses the server’s FIN',
  shows:
    'The server’s idle timer (1 s) runs out and it closes; in that moment the client sends its next request. FIN and request pass each other on the 20 ms path. ' +
    'Nobody did wrong: the two timeouts are too close.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    ...ANSWERED,
    silence(1, 'the server’s idle timer runs'),
    close('server'),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: null,
    reason: 'TCP_ABORT_ON_DATA',
    counters: { server: { TcpExtTCPAbortOnData: 1, TcpOutRsts: 1 } },
    truth: everywhere('server', 'keep-alive-race-crossing'),
  },
});
