import { defineScenario } from '../scenario.ts';
import { ANSWERED, firewall, forget, REQUEST, read, send } from '../steps.ts';

export default defineScenario({
  id: 'nat-rebind',
  title: 'A translator forgets a connection and picks another port for it',
  shows:
    'Behind source NAT, the mapping is lost and the client’s next segment leaves with a new source port. For the server that is a segment of a connection it never had: its listening socket resets it.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    firewall(
      'router',
      'translates sources, with random ports',
      'table ip n { chain c { type nat hook postrouting priority 100; oifname "eth1" masquerade fully-random; }; }',
    ),
    ...ANSWERED,
    forget('router'),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104 },
    reason: 'TCP_FLAGS',
    truth: {
      // The new name is seen behind the translator alone.
      client: { sender: 'server', causes: ['nat-rebinding', 'peer-lost-state'] },
      server: { sender: 'server', causes: ['nat-rebinding'] },
      both: { sender: 'server', causes: ['nat-rebinding'] },
    },
  },
});
