import { defineScenario } from '../scenario.ts';
import { ANSWERED, abort, firewall, REQUEST, read, send } from '../steps.ts';

export default defineScenario({
  id: 'restart-behind-fw',
  title: 'A server ends a connection, and the news is lost on the way',
  shows:
    'The server aborts the connection while the path drops its packets for a moment; the service goes on. The client’s next request meets a listening socket that never heard of it: RST.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    ...ANSWERED,
    firewall(
      'router',
      'drops what the server sends',
      'table ip f { chain c { type filter hook forward priority 0; tcp sport 8080 drop; }; }',
    ),
    abort('server'),
    firewall('router', 'lets everything pass again', 'delete table ip f'),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104 },
    reason: 'TCP_FLAGS|TCP_STATE',
    truth: {
      client: { sender: 'server', causes: ['peer-lost-state'] },
      server: {
        sender: 'server',
        causes: [
          'abort-by-linger-zero',
          'peer-lost-state',
          'administrative-kill',
          'server-idle-kill',
          'unread-data-at-close',
          'max-requests-or-age',
          'process-died',
        ],
      },
      both: { sender: 'server', causes: ['abort-by-linger-zero', 'peer-lost-state'] },
    },
  },
});
