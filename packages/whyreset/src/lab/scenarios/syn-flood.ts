import { defineScenario } from '../scenario.ts';
import { accept, connect, flood, listen, REQUEST, RESPONSE, read, send, sysctl, until } from '../steps.ts';

export default defineScenario({
  id: 'syn-flood',
  title: 'Forged SYNs fill the queue of half-open connections',
  shows:
    'SYN cookies are off. 64 SYNs with senders that do not exist fill the queue of half-open connections; the SYN of a real client is dropped, and repeated into silence until its connect times out. ' +
    'The program of the server is idle all the while: its accept queue is empty.',
  needs: 'namespaces',
  steps: [
    sysctl('server', 'net/ipv4/tcp_syncookies', '0'),
    sysctl('server', 'net/ipv4/tcp_max_syn_backlog', '256'),
    listen('server', { backlog: 32 }),
    connect({ as: 'before' }),
    accept(),
    send('before', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('before'),
    flood(64),
    connect({ wait: false, set: { TCP_USER_TIMEOUT: 2500 } }),
    until({ settled: 'client' }),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ETIMEDOUT', errno: -110, syscall: 'connect' },
    reason: null,
    counters: {
      server: { TcpExtListenOverflows: 0, TcpExtListenDrops: 'some', TcpExtTCPReqQFullDrop: 'some' },
    },
    truth: {
      client: {
        sender: null,
        causes: ['syn-queue-overflow', 'accept-queue-overflow-drop', 'descriptor-exhaustion', 'policy-drop'],
      },
      server: { sender: null, causes: ['syn-queue-overflow'] },
      both: { sender: null, causes: ['syn-queue-overflow'] },
    },
  },
});
