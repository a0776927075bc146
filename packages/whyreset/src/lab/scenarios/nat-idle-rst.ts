import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, firewall, REQUEST, read, send, silence, sysctl } from '../steps.ts';

const truth = { sender: 'router', causes: ['middlebox-idle-reset-on-next-packet'] } as const;

export default defineScenario({
  id: 'nat-idle-rst',
  title: 'A balancer forgets an idle connection and resets its next packet (AWS NLB)',
  shows:
    'Connection tracking on the router forgets after 2 s of silence, and answers segments of connections it does not know with a RST, as an AWS Network Load Balancer does after 350 s. ' +
    'The RST comes from the router (TTL 64, not 63) and sooner than the round trip; the server never hears of it.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { delayMs: 20 },
  steps: [
    sysctl('router', 'net/netfilter/nf_conntrack_tcp_loose', '0'),
    firewall(
      'router',
      'tracks connections and rejects what it does not know',
      'table ip f { chain c { type filter hook forward priority 0; ct state invalid tcp flags & rst == 0 reject with tcp reset; ct state established accept; }; }',
    ),
    sysctl('router', 'net/netfilter/nf_conntrack_tcp_timeout_established', '2'),
    ...ANSWERED,
    silence(4, 'the router forgets'),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'router',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104 },
    reason: null,
    counters: { server: { TcpOutRsts: 0 } },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
