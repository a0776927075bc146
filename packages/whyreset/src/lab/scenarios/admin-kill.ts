import { defineScenario, everywhere } from '../scenario.ts';
import { ANSWERED, destroy, read } from '../steps.ts';

export default defineScenario({
  id: 'admin-kill',
  title: 'An operator destroys connections (ss -K)',
  shows:
    'Somebody at the server destroys its sockets. The client sees a reset; the server’s own program sees ECONNABORTED. ' +
    'In the packets it is an abort like any other: only the kernel’s state ESTABLISHED, or the time, gives it away.',
  needs: 'namespaces',
  steps: [...ANSWERED, destroy('server'), read('client'), read('server')],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104 },
    reason: 'TCP_STATE',
    counters: { server: { TcpOutRsts: 1, TcpExtTCPAbortOnData: 0, TcpExtTCPAbortOnClose: 0 } },
    truth: everywhere(
      'server',
      'administrative-kill',
      'abort-by-linger-zero',
      'unread-data-at-close',
      'server-idle-kill',
      'max-requests-or-age',
      'process-died',
    ),
  },
});
