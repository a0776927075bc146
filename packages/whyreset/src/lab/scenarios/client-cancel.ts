import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start, until } from '../steps.ts';

const request = JSON.stringify({
  url: 'http://${server}:8080/download',
  requests: [{ method: 'GET', abortAfterMs: 400 }],
});

export default defineScenario({
  id: 'client-cancel',
  title: 'A client cancels a download',
  shows:
    'The client destroys its request while the response is still coming: the bytes it has not read turn its close into a RST. ' +
    'The server sees ECONNRESET or EPIPE, and nothing is wrong with it. A closed tab, a cancelled fetch and a deadline all look like this.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['stream', '8080'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [request]),
    finish('client'),
    until({ seen: { at: 'server', from: 'client', flags: 'R.' } }),
  ],
  expect: {
    resetBy: 'client',
    shape: 'active',
    error: { code: 'ECONNRESET', message: /client gave up/ },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { client: { TcpExtTCPAbortOnClose: 1 } },
    truth: everywhere('client', 'client-gave-up'),
  },
});
