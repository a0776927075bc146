import { defineScenario, everywhere } from '../scenario.ts';
import { connect, listen, until } from '../steps.ts';

export default defineScenario({
  id: 'backlog-drop',
  title: 'The accept queue is full, and the kernel drops the SYN',
  shows:
    'The program does not come to accept. Its queue of one holds two connections (Linux lets in one more than the backlog); the next SYN is dropped in silence, again and again, and the connect times out. ' +
    'That is the default of Linux: overload shows as a timeout, not as a reset.',
  needs: 'namespaces',
  steps: [
    listen('server', { backlog: 1 }),
    connect({ as: 'first' }),
    connect({ as: 'second' }),
    connect({ wait: false, set: { TCP_USER_TIMEOUT: 2500 } }),
    until({ settled: 'client' }),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ETIMEDOUT', errno: -110, syscall: 'connect' },
    reason: null,
    counters: { server: { TcpExtListenOverflows: 'some', TcpExtListenDrops: 'some', TcpOutRsts: 0 } },
    truth: everywhere(
      null,
      'accept-queue-overflow-drop',
      'syn-queue-overflow',
      'descriptor-exhaustion',
      'policy-drop',
    ),
  },
});
