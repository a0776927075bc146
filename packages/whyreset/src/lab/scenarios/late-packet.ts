import { defineScenario } from '../scenario.ts';
import { CONNECTED, close, REQUEST, RESPONSE, read, repeat, send, until } from '../steps.ts';

const truth = { sender: 'client', causes: ['late-packet-after-close'] } as const;

export default defineScenario({
  id: 'late-packet',
  title: 'A duplicate arrives after both sides have closed',
  shows:
    'Request, response, FIN and FIN: all in good order. Then the path delivers the response a second time, to a client that has no socket any more, and its kernel answers with a RST, as it must. Nothing was lost.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    repeat('HTTP/1.1 200 OK', 500),
    ...CONNECTED,
    send('client', REQUEST),
    read('server'),
    send('server', RESPONSE),
    close('server'),
    read('client'),
    read('client'),
    close('client'),
    until({ seen: { at: 'server', from: 'client', flags: 'R' } }),
  ],
  expect: {
    resetBy: 'client',
    shape: 'passive',
    error: null,
    reason: 'NO_SOCKET',
    counters: { client: { TcpOutRsts: 1 } },
    truth: { client: truth, server: truth, both: truth },
  },
});
