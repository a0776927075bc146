import { defineScenario, everywhere } from '../scenario.ts';
import { connect, listen, REQUEST, send, sysctl, until } from '../steps.ts';

const early = ['a', 'b', 'c', 'd'];
const late = ['e', 'f', 'g', 'h'];

export default defineScenario({
  id: 'backlog-rst',
  title: 'The accept queue is full, and the kernel is told to reset',
  shows:
    'Four connections fill the queue up to its backlog; four more come together, pass the SYN, and only one still fits. With tcp_abort_on_overflow=1 the last ACK of the others is answered by a RST: ' +
    'their connect succeeded, and then they are reset.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    sysctl('server', 'net/ipv4/tcp_abort_on_overflow', '1'),
    sysctl('server', 'net/ipv4/tcp_syncookies', '0'),
    listen('server', { backlog: 4 }),
    ...early.map((as) => connect({ as })),
    ...late.map((as) => connect({ as, wait: false })),
    ...late.map((as) => until({ settled: as })),
    ...late.map((on) => send(on, REQUEST)),
    until({ seen: { at: 'client', from: 'server', flags: 'R', times: 3 } }),
    ...late.map((on) => send(on, REQUEST)),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET|EPIPE' },
    reason: 'INVALID_SYN',
    counters: { server: { TcpExtEmbryonicRsts: 3, TcpExtListenOverflows: 3 } },
    truth: everywhere('server', 'accept-queue-overflow-reset'),
  },
});
