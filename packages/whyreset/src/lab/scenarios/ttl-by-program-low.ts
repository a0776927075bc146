import { defineScenario, everywhere } from '../scenario.ts';
import { reusedAfterClose, STALE } from '../stale.ts';

export default defineScenario({
  id: 'ttl-by-program-low',
  title: 'The server’s program sets the TTL to 5; its kernel’s RST has 64',
  shows:
    'The program sets IP_TTL to 5, so that nobody far away can reach it. The kernel’s own RST for the late request has the default TTL, and looks as if it came from much nearer.',
  needs: 'namespaces',
  steps: reusedAfterClose({ set: { IP_TTL: 5 } }),
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'EPIPE', errno: -32, syscall: 'send' },
    reason: 'TCP_TIMEWAIT_SOCKET',
    counters: { server: { TcpOutRsts: 1 } },
    truth: everywhere('server', ...STALE),
  },
});
