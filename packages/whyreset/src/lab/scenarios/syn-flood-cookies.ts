import { defineScenario, everywhere } from '../scenario.ts';
import { accept, connect, flood, listen, REQUEST, RESPONSE, read, send, sysctl } from '../steps.ts';

export default defineScenario({
  id: 'syn-flood-cookies',
  title: 'The cure of syn-flood: cookies',
  shows:
    'The same flood with SYN cookies on, as they are by default: the server answers without keeping anything, and a real client is served in the middle of it.',
  needs: 'namespaces',
  steps: [
    sysctl('server', 'net/ipv4/tcp_syncookies', '1'),
    sysctl('server', 'net/ipv4/tcp_max_syn_backlog', '256'),
    listen('server', { backlog: 32 }),
    flood(64),
    connect(),
    accept(),
    send('client', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: null,
    reason: null,
    counters: { server: { TcpExtTCPReqQFullDoCookies: 'some', TcpExtSyncookiesRecv: 1 } },
    truth: everywhere(null),
  },
});
