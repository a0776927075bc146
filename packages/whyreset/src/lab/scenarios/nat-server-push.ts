import { defineScenario } from '../scenario.ts';
import { ANSWERED, firewall, forget, RESPONSE, read, send } from '../steps.ts';

export default defineScenario({
  id: 'nat-server-push',
  title: 'A translator forgets, and answers the server itself',
  shows:
    'Behind source NAT, the mapping is lost and the server pushes data. The translator has no idea whose they are, takes them for its own, and its kernel resets them. The client waits for ever.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    firewall(
      'router',
      'translates sources',
      'table ip n { chain c { type nat hook postrouting priority 100; oifname "eth1" masquerade; }; }',
    ),
    ...ANSWERED,
    forget('router'),
    send('server', RESPONSE),
    read('server'),
  ],
  expect: {
    resetBy: 'router',
    shape: 'passive',
    error: null,
    reason: 'NO_SOCKET',
    truth: {
      client: { sender: null, causes: [] },
      server: {
        sender: null,
        causes: ['peer-lost-state', 'middlebox-idle-reset-on-next-packet', 'client-gave-up'],
      },
      both: {
        sender: null,
        causes: ['middlebox-idle-reset-on-next-packet', 'peer-lost-state', 'injected-reset'],
      },
    },
  },
});
