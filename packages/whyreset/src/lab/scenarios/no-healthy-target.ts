import { defineScenario, everywhere } from '../scenario.ts';
import { abort, accept, close, connect, listen, read } from '../steps.ts';

export default defineScenario({
  id: 'no-healthy-target',
  title: 'A proxy without a healthy target accepts and resets at once',
  shows:
    'The balancer in front is a TCP endpoint of its own: it accepts, finds no target that is well, and aborts before a byte was said, three times out of three. The RST is its own, and says nothing of the targets behind.',
  needs: 'nothing',
  path: { delayMs: 20 },
  steps: [
    listen('server'),
    ...['a', 'b', 'c'].flatMap((as) => [
      connect({ as }),
      accept(`proxy-${as}`),
      abort(`proxy-${as}`),
      read(as),
      close(as),
    ]),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_STATE',
    counters: { server: { TcpExtTCPAbortOnData: 3, TcpOutRsts: 3 } },
    truth: everywhere(
      'server',
      'no-healthy-target',
      'connection-limit-reached',
      'descriptor-exhaustion',
      'abort-by-linger-zero',
    ),
  },
});
