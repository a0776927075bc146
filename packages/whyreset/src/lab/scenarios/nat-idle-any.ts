import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, firewall, REQUEST, read, send, silence, sysctl } from '../steps.ts';

const causes = [
  'middlebox-idle-reset-on-next-packet',
  'firewall-reject-mid-connection',
  'policy-reset',
  'injected-reset',
];
const truth = { sender: 'router', causes } as const;

export default defineScenario({
  id: 'nat-idle-any',
  title: 'A router forgets an idle connection; captured on the router itself',
  shows:
    'The router tracks connections, forgets after 2 s of silence, and resets what it does not know. Its own capture of all interfaces shows each packet twice, as it arrives and as it leaves; ' +
    'the late request arrives and does not leave again, and the RST leaves without having arrived: the router made it.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  captureAtRouter: ['eth0', 'eth1'],
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
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: null,
    counters: { server: { TcpOutRsts: 0 } },
    truth: { client: truth, server: NOTHING, both: truth, router: { ...truth, count: 1 } },
  },
});
