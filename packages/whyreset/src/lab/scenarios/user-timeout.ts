import { defineScenario } from '../scenario.ts';
import { ANSWERED, firewall, REQUEST, RESPONSE, read, send, set, until } from '../steps.ts';

const causes = ['retransmission-give-up', 'peer-lost-state'] as const;

export default defineScenario({
  id: 'user-timeout',
  title: 'TCP_USER_TIMEOUT gives a connection up; the peer learns of it later',
  shows:
    'The client allows 1.5 s without an acknowledgement, and the path is dark for longer: it gives up with ETIMEDOUT and without a packet. ' +
    'When the path is back, the server’s next data meet a kernel that knows nothing of them: a RST, from the client’s side.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    ...ANSWERED,
    set('client', 'TCP_USER_TIMEOUT', 1500),
    firewall(
      'router',
      'drops everything',
      'table ip f { chain c { type filter hook forward priority 0; drop; }; }',
    ),
    send('client', REQUEST),
    until({ gone: 'client' }),
    read('client'),
    firewall('router', 'lets everything pass again', 'delete table ip f'),
    send('server', RESPONSE),
    read('server'),
  ],
  expect: {
    resetBy: 'client',
    shape: 'passive',
    error: { code: 'ETIMEDOUT', errno: -110 },
    reason: 'NO_SOCKET',
    counters: { client: { TcpExtTCPAbortOnTimeout: 1 } },
    truth: {
      client: { sender: 'client', causes },
      server: {
        sender: 'client',
        // The socket that timed out sent nothing: here nothing shows why the client's host no longer knows the connection.
        causes: [
          'close-not-seen',
          'retransmission-give-up',
          'peer-lost-state',
          'client-gave-up',
          'unnatted-reply',
        ],
      },
      both: { sender: 'client', causes },
    },
  },
});
