import { defineScenario } from '../scenario.ts';
import { ANSWERED, close, duplicate, REQUEST, read, send, silence } from '../steps.ts';

const truth = { sender: 'server', causes: ['keep-alive-race-crossing'], count: 1 } as const;

export default defineScenario({
  id: 'bridge-loop',
  title: 'A path that delivers every frame twice, and a keep-alive race',
  shows:
    'Two switches that are cabled in a ring deliver each frame twice, each way. The server’s idle timer and the client’s next request cross as in the textbook; the request is answered by several RSTs. ' +
    'There is one trouble, and no repetition is a retransmission.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    duplicate,
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
    counters: { server: { TcpExtTCPAbortOnData: 1 } },
    truth: { client: truth, server: truth, both: truth },
  },
});
