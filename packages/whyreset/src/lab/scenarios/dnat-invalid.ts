import { defineScenario } from '../scenario.ts';
import {
  accept,
  connect,
  firewall,
  forget,
  listen,
  REQUEST,
  RESPONSE,
  read,
  send,
  sysctl,
  until,
} from '../steps.ts';

const causes = ['unnatted-reply'] as const;

export default defineScenario({
  id: 'dnat-invalid',
  title: 'A translator forgets, and the client’s own kernel resets (kube-proxy)',
  shows:
    'The client talks to a service address on the router, which translates to the server. The router forgets the connection (conntrack INVALID), the server’s next packet comes through untranslated, ' +
    'and the client’s kernel resets an address it never dialled. The server sees a reset from a client that did nothing.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    sysctl('router', 'net/netfilter/nf_conntrack_tcp_loose', '0'),
    firewall(
      'router',
      'translates its own port 8080 to the server',
      'table ip n { chain c { type nat hook prerouting priority -100; tcp dport 8080 dnat to ${server}; }; }',
    ),
    listen('server'),
    connect({ to: 'router' }),
    accept(),
    send('client', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('client'),
    until({ acknowledged: 'server' }),
    forget('router'),
    send('server', RESPONSE),
    read('server'),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'client',
    shape: 'passive',
    error: { code: 'ECONNRESET' },
    routerToo: true,
    reason: 'NO_SOCKET',
    truth: {
      client: { sender: 'client', causes },
      server: {
        sender: 'client',
        causes: [
          'unnatted-reply',
          'client-gave-up',
          'peer-lost-state',
          'client-reset-after-response',
          'late-packet-after-close',
        ],
      },
      both: { sender: 'client', causes },
    },
  },
});
