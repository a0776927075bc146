import { defineScenario, everywhere } from '../scenario.ts';
import { CONNECTED, close, REQUEST, RESPONSE, read, type Step, send } from '../steps.ts';

const exchange: Step[] = [send('client', REQUEST), read('server'), send('server', RESPONSE), read('client')];

export default defineScenario({
  id: 'max-requests',
  title: 'A server closes after a number of requests, while the next one is on its way',
  shows:
    'After three answers the server has had enough of the connection (nginx keepalive_requests, Apache MaxKeepAliveRequests) and closes without having said so. The client’s fourth request crosses the FIN: RST.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    ...CONNECTED,
    ...exchange,
    ...exchange,
    ...exchange,
    close('server'),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: null,
    reason: 'TCP_ABORT_ON_DATA',
    truth: everywhere('server', 'max-requests-or-age', 'keep-alive-race-crossing', 'write-after-close'),
  },
});
