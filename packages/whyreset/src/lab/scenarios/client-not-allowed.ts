import { defineScenario, everywhere } from '../scenario.ts';
import { accept, close, connect, listen, read } from '../steps.ts';

export default defineScenario({
  id: 'client-not-allowed',
  title: 'A program closes connections from an address that is not on its list',
  shows:
    'The program can look at the address of a client only once it has accepted the connection (TCP wrappers, stream modules of proxies, allow lists). It closes at once: a FIN before a byte was said, every time. ' +
    'The client sees the end of the stream in the place of a greeting.',
  needs: 'nothing',
  path: { delayMs: 20 },
  steps: [
    listen('server'),
    ...['a', 'b', 'c'].flatMap((as) => [
      connect({ as }),
      accept(`gate-${as}`),
      close(`gate-${as}`),
      read(as),
      close(as),
    ]),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: null,
    reason: null,
    counters: { server: { TcpExtTCPAbortOnData: 0, TcpOutRsts: 0 } },
    truth: everywhere(
      'server',
      'client-not-allowed',
      'no-healthy-target',
      'connection-limit-reached',
      'descriptor-exhaustion',
    ),
  },
});
