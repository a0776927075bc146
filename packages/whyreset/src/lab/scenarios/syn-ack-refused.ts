import { defineScenario, everywhere } from '../scenario.ts';
import { close, connect, listen, until } from '../steps.ts';

export default defineScenario({
  id: 'syn-ack-refused',
  title: 'The answer comes when the client has given up',
  shows:
    'The path takes 1.2 s there and back. The client repeats its SYN after a second and gives up; the SYN-ACK meets a kernel without a socket for it, which refuses it with a bare RST. No connection came about, and no request was lost.',
  needs: 'namespaces',
  path: { delayMs: 600 },
  steps: [
    listen('server'),
    connect({ wait: false }),
    until({ seen: { at: 'client', from: 'client', flags: 'S', times: 2 } }),
    close('client'),
    until({ seen: { at: 'server', from: 'client', flags: 'R' } }),
  ],
  expect: {
    resetBy: 'client',
    shape: 'passive',
    error: null,
    reason: 'NO_SOCKET',
    counters: { client: { TcpOutRsts: 'some' } },
    truth: everywhere('client', 'reset-of-unexpected-syn-ack'),
  },
});
