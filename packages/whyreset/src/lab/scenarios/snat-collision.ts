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

export default defineScenario({
  id: 'snat-collision',
  title: 'A translator gives a port out again while the server still knows it',
  shows:
    'All clients leave the router from port 40000 of one address, the last port a crowded translator has. It forgets a connection of one client and gives the port to the next, a host of another kind (TTL 128). ' +
    'The server takes the SYN for a stray of the old connection and answers with an ACK of it; the new client’s kernel resets that, which kills the old connection, and connects at its second SYN.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    firewall(
      'router',
      'translates every client to port 40000 of its own address',
      'table ip n { chain c { type nat hook postrouting priority 100; ip saddr 10.${net}.1.0/24 tcp dport 8080 snat to 10.${net}.2.1:40000; }; }',
    ),
    listen('server'),
    connect({ as: 'first' }),
    accept('old'),
    send('first', REQUEST),
    read('old'),
    send('old', RESPONSE),
    read('first'),
    until({ acknowledged: 'old' }),
    forget('router'),
    sysctl('client', 'net/ipv4/ip_default_ttl', '128'),
    connect(),
    accept(),
    read('old'),
    send('client', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('client'),
  ],
  expect: {
    resetBy: 'client',
    shape: null,
    error: null,
    reason: 'TCP_INVALID_ACK_SEQUENCE',
    counters: { server: { TcpExtTCPSYNChallenge: 1, TcpEstabResets: 1 } },
    truth: {
      // Its own port is a fresh one: who had the translated one before cannot be seen from here.
      client: { sender: 'client', causes: ['snat-port-reuse', 'stale-four-tuple'] },
      server: { sender: 'client', causes: ['snat-port-reuse'] },
      both: { sender: 'client', causes: ['snat-port-reuse', 'stale-four-tuple'] },
    },
  },
});
