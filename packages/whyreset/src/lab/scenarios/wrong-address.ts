import { defineScenario, everywhere } from '../scenario.ts';
import { connect, listen } from '../steps.ts';

export default defineScenario({
  id: 'wrong-address',
  title: 'The server listens, but only on its loopback address',
  shows:
    'The program runs and listens on 127.0.0.1; a test on the server itself succeeds, and the client dials the public address. ' +
    'For the kernel nobody listens there: the packets are those of refused.',
  needs: 'namespaces',
  steps: [listen('server', { loopback: true }), connect()],
  expect: {
    resetBy: 'server',
    shape: 'answer-to-syn',
    error: { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' },
    reason: 'NO_SOCKET',
    counters: { server: { TcpOutRsts: 1 } },
    truth: everywhere('server', 'no-listener', 'firewall-reject'),
  },
});
