import { defineScenario, NOTHING } from '../scenario.ts';
import { connect, firewall, listen } from '../steps.ts';

const truth = { sender: 'router', causes: ['firewall-reject'] } as const;

export default defineScenario({
  id: 'fw-icmp',
  title: 'A firewall rejects with ICMP errors, and no RST at all',
  shows:
    'Two rules on the router: port 8080 is answered by ICMP port unreachable, which the client reads as ECONNREFUSED just as it reads a RST; port 8081 by “administratively prohibited”, which it reads as EHOSTUNREACH. ' +
    'The ICMP error names the box that sent it.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    firewall(
      'router',
      'rejects port 8080 by ICMP port unreachable, 8081 by admin-prohibited',
      'table ip f { chain c { type filter hook forward priority 0; tcp dport 8080 reject; tcp dport 8081 reject with icmp type admin-prohibited; }; }',
    ),
    listen('server'),
    listen('server', { port: 8081, as: 'other' }),
    connect({ as: 'refused' }),
    connect({ as: 'prohibited', port: 8081 }),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'EHOSTUNREACH', errno: -113, syscall: 'connect' },
    reason: null,
    counters: { server: { TcpOutRsts: 0 }, router: { TcpOutRsts: 0 } },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
