import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, firewall, RESPONSE, read, send, silence, sysctl } from '../steps.ts';

const truth = {
  sender: null,
  causes: ['middlebox-idle-reset-on-next-packet', 'firewall-reject-mid-connection', 'peer-lost-state'],
} as const;

export default defineScenario({
  id: 'nat-server-push',
  title: 'A translator forgets an idle connection, and answers the server itself',
  shows:
    'Behind source NAT, the mapping expires after 2 s of silence and then the server pushes data. They are addressed to the translator, which has no idea whose they are: its own kernel resets them. ' +
    'The server sees a reset in the name of the client; the client waits for ever.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { delayMs: 20 },
  steps: [
    firewall(
      'router',
      'translates sources',
      'table ip n { chain c { type nat hook postrouting priority 100; oifname "eth1" masquerade; }; }',
    ),
    sysctl('router', 'net/netfilter/nf_conntrack_tcp_timeout_established', '2'),
    ...ANSWERED,
    silence(4, 'the router forgets'),
    send('server', RESPONSE),
    read('server'),
  ],
  expect: {
    resetBy: 'router',
    shape: 'passive',
    error: null,
    reason: 'NO_SOCKET',
    // The trace shows whose kernel it was: that of the address the server talks to, which knows of no such connection.
    truth: {
      client: NOTHING,
      server: truth,
      both: truth,
      kernel: { sender: null, causes: ['peer-lost-state'] },
    },
  },
});
