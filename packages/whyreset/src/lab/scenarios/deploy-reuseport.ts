import { ROLLING } from '../rolling.ts';
import { defineScenario, everywhere } from '../scenario.ts';
import { accept, connect, REQUEST, RESPONSE, read, send } from '../steps.ts';

export default defineScenario({
  id: 'deploy-reuseport',
  title: 'A rolling restart loses what waited for the old process',
  shows:
    'The new process listens beside the old one (SO_REUSEPORT), and only then the old one closes its listener. No connect is refused, and yet the three connections that waited in the queue of the old one are reset: ' +
    'their requests had been acknowledged by the kernel, and no program ever saw them.',
  needs: 'nothing',
  steps: [
    ...ROLLING,
    ...['a', 'b', 'c'].map((on) => read(on)),
    connect({ as: 'next' }),
    accept('served', 'new'),
    send('next', REQUEST),
    read('served'),
    send('served', RESPONSE),
    read('next'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_STATE',
    counters: { server: { TcpOutRsts: 3, TcpExtTCPAbortOnClose: 0, TcpExtTCPAbortOnData: 0 } },
    truth: everywhere(
      'server',
      'listener-closed-with-queue',
      'unread-data-at-close',
      'abort-by-linger-zero',
      'process-died',
    ),
  },
});
