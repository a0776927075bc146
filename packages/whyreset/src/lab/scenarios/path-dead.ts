import { defineScenario } from '../scenario.ts';
import { ANSWERED, firewall, REQUEST, read, send, sysctl, until } from '../steps.ts';

const truth = {
  sender: null,
  causes: ['retransmission-give-up', 'middlebox-idle-silent-drop', 'policy-drop'],
} as const;

export default defineScenario({
  id: 'path-dead',
  title: 'The path goes dark, and the client’s kernel gives up',
  shows:
    'From one moment on the router drops everything. The client’s request is sent again and again, each time after twice the wait, until the kernel has had enough (tcp_retries2, 3 here): ETIMEDOUT, and not a single RST.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    sysctl('client', 'net/ipv4/tcp_retries2', '3'),
    ...ANSWERED,
    firewall(
      'router',
      'drops everything',
      'table ip f { chain c { type filter hook forward priority 0; drop; }; }',
    ),
    send('client', REQUEST),
    until({ gone: 'client' }),
    read('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ETIMEDOUT', errno: -110 },
    counters: { client: { TcpExtTCPAbortOnTimeout: 1 } },
    truth: { client: truth, server: { sender: null, causes: [] }, both: truth },
  },
});
