import { defineScenario, everywhere } from '../scenario.ts';
import { reusedAfterClose, STALE } from '../stale.ts';

export default defineScenario({
  id: 'hop-limit-by-program',
  title: 'The server’s program sets the IPv6 hop limit to 255; its kernel’s RST has 64',
  shows:
    'The same as with IP_TTL, by IPV6_UNICAST_HOPS: the connection’s packets have a hop limit of 255, the kernel’s RST for the late request the default of 64.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: reusedAfterClose({ family: 6, set: { IPV6_UNICAST_HOPS: 255 } }),
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'EPIPE', errno: -32, syscall: 'send' },
    reason: 'TCP_TIMEWAIT_SOCKET',
    counters: { server: { TcpOutRsts: 1 } },
    truth: everywhere('server', ...STALE),
  },
});
