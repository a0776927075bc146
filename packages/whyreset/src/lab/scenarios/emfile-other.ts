import { defineScenario, everywhere } from '../scenario.ts';
import { connect, REQUEST, send, start, until } from '../steps.ts';

const names = Array.from({ length: 6 }, (_, n) => `idle-${n}`);

export default defineScenario({
  id: 'emfile-other',
  title: 'A server out of file descriptors leaves its clients in the queue',
  shows:
    'A Python server may open few files, and idle clients use them up: accept() fails with EMFILE again and again. Unlike libuv it closes nothing: two more clients wait in the queue with their requests acknowledged and never read, ' +
    'and when the queue is full the SYN of the next is dropped: its connect times out.',
  needs: 'namespaces',
  tools: { python3: 'python3' },
  steps: [
    start('server', 'server', 'accepts.py', ['8080', '6', '1'], { ready: /ready/ }),
    ...names.map((as) => connect({ as })),
    until({ said: 'server', line: /EMFILE/ }),
    connect({ as: 'queued' }),
    send('queued', REQUEST),
    until({ acknowledged: 'queued' }),
    connect({ as: 'last' }),
    connect({ wait: false, set: { TCP_USER_TIMEOUT: 2500 } }),
    until({ settled: 'client' }),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ETIMEDOUT', errno: -110, syscall: 'connect' },
    says: { server: /EMFILE/ },
    reason: null,
    counters: { server: { TcpExtListenOverflows: 'some' } },
    // What drops the SYN is the full queue; why nothing empties it stands in the server's log alone.
    truth: everywhere(
      null,
      'accept-queue-overflow-drop',
      'descriptor-exhaustion',
      'syn-queue-overflow',
      'policy-drop',
    ),
  },
});
