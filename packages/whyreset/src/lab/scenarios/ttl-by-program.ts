import { defineScenario, everywhere } from '../scenario.ts';
import { reusedAfterClose, STALE } from '../stale.ts';

export default defineScenario({
  id: 'ttl-by-program',
  title: 'The server’s program sets the TTL to 255; its kernel’s RST has 64',
  shows:
    'The program sets IP_TTL to 255, as BGP speakers do for GTSM (RFC 5082). After its close the kernel answers the late request with a RST of its own, which has the default TTL: ' +
    'a RST with 63 among packets with 254 comes from the same host.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: reusedAfterClose({ set: { IP_TTL: 255 } }),
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'EPIPE', errno: -32, syscall: 'send' },
    reason: 'TCP_TIMEWAIT_SOCKET',
    counters: { server: { TcpOutRsts: 1 } },
    truth: everywhere('server', ...STALE),
  },
});
