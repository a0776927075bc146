import { defineScenario, everywhere } from '../scenario.ts';
import { connect } from '../steps.ts';

export default defineScenario({
  id: 'refused-ipv6',
  title: 'Nothing listens on the port, over IPv6',
  shows: 'The same as refused: the answer of the kernel is built alike over IPv6.',
  needs: 'nothing',
  steps: [connect({ family: 6 })],
  expect: {
    resetBy: 'server',
    shape: 'answer-to-syn',
    error: { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' },
    reason: 'NO_SOCKET',
    counters: { server: { TcpOutRsts: 1 }, client: { TcpAttemptFails: 1 } },
    truth: everywhere('server', 'no-listener', 'firewall-reject'),
  },
});
