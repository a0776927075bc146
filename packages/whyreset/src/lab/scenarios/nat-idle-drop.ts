import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, firewall, REQUEST, read, send, set, silence, sysctl, until } from '../steps.ts';

const truth = { sender: null, causes: ['middlebox-idle-silent-drop', 'retransmission-give-up'] } as const;

export default defineScenario({
  id: 'nat-idle-drop',
  title: 'A stateful firewall forgets an idle connection and drops it in silence',
  shows:
    'Connection tracking on the router forgets after 2 s and drops what it does not know: no RST, no error, only retransmissions until the client gives up (TCP_USER_TIMEOUT 2.5 s here, a quarter of an hour by default).',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { delayMs: 20 },
  steps: [
    sysctl('router', 'net/netfilter/nf_conntrack_tcp_loose', '0'),
    firewall(
      'router',
      'tracks connections and drops what it does not know',
      'table ip f { chain c { type filter hook forward priority 0; ct state invalid drop; ct state established accept; }; }',
    ),
    sysctl('router', 'net/netfilter/nf_conntrack_tcp_timeout_established', '2'),
    ...ANSWERED,
    set('client', 'TCP_USER_TIMEOUT', 2500),
    silence(4, 'the router forgets'),
    send('client', REQUEST),
    until({ gone: 'client' }),
    read('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ETIMEDOUT', errno: -110 },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
