import { defineScenario, everywhere } from '../scenario.ts';
import { connect } from '../steps.ts';

export default defineScenario({
  id: 'refused',
  title: 'Nothing listens on the port',
  shows:
    'The server host is up, but no program listens. Its kernel answers the SYN with RST+ACK, sequence number 0, window 0, and the connect fails at once. ' +
    'A filter on the server host itself can build the very same RST.',
  needs: 'nothing',
  steps: [connect()],
  expect: {
    resetBy: 'server',
    shape: 'answer-to-syn',
    error: { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' },
    reason: 'NO_SOCKET',
    counters: { server: { TcpOutRsts: 1 }, client: { TcpAttemptFails: 1 } },
    truth: everywhere('server', 'no-listener', 'firewall-reject'),
  },
});
