import { defineScenario, everywhere } from '../scenario.ts';
import { abort, accept, close, connect, listen, read, silence } from '../steps.ts';

const checks = ['a', 'b', 'c', 'd'];

export default defineScenario({
  id: 'health-check-rst',
  title: 'A health checker connects and resets, again and again',
  shows:
    'SYN, SYN-ACK, ACK, RST from the same host at a fixed interval, and never a byte: a balancer looks whether the port answers. The server reads ECONNRESET on connections that asked for nothing.',
  needs: 'nothing',
  steps: [
    listen('server'),
    ...checks.flatMap((as) => [
      connect({ as }),
      accept(`server-${as}`),
      abort(as),
      read(`server-${as}`),
      close(`server-${as}`),
      silence(0.5, 'the interval of the checks'),
    ]),
  ],
  expect: {
    resetBy: 'client',
    shape: 'active',
    error: null,
    reason: 'TCP_STATE',
    counters: { client: { TcpOutRsts: 4 }, server: { TcpOutRsts: 0 } },
    truth: everywhere('client', 'health-check-reset'),
  },
});
