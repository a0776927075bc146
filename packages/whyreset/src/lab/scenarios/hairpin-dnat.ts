import { defineScenario, everywhere } from '../scenario.ts';
import { reusedAfterClose, STALE } from '../stale.ts';
import { firewall } from '../steps.ts';

export default defineScenario({
  id: 'hairpin-dnat',
  title: 'A hairpin translation, both sides of it in one capture',
  shows:
    'Client and server are on the same link; the client asks the router’s address, which translates destination and source and sends the packet back out of the interface that it came from. ' +
    'A capture of that interface shows one connection twice, with different addresses. The server closes, the client asks once more: one trouble.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { switched: true },
  captureAtRouter: ['br0'],
  steps: [
    firewall(
      'router',
      'translates its own port 8080 to the server, and the client to itself',
      'table ip n { chain d { type nat hook prerouting priority -100; ip daddr ${router} tcp dport 8080 dnat to ${server}; }; ' +
        'chain s { type nat hook postrouting priority 100; ip daddr ${server} tcp dport 8080 masquerade; }; }',
    ),
    ...reusedAfterClose({ to: 'router' }),
  ],
  expect: {
    resetBy: 'router',
    shape: 'passive',
    error: { code: 'EPIPE', errno: -32, syscall: 'send' },
    reason: 'TCP_TIMEWAIT_SOCKET',
    counters: { server: { TcpOutRsts: 1 }, router: { TcpOutRsts: 0 } },
    truth: {
      ...everywhere('server', ...STALE),
      router: { sender: 'server', causes: STALE, count: 1 },
    },
  },
});
