import { defineScenario, everywhere } from '../scenario.ts';
import { accept, close, finish, listen, read, start, until } from '../steps.ts';

const request = JSON.stringify({ url: 'https://${server}:8080/', requests: [{ method: 'GET' }] });

export default defineScenario({
  id: 'tls-on-plain-unread',
  title: 'A ClientHello to a server with a binary protocol, and a RST',
  shows:
    'A server of a plain-text protocol reads a header of 16 bytes, finds it makes no sense, and closes with the rest of the ClientHello unread: a RST without any answer, which the client reads in the middle of its TLS handshake.',
  needs: 'nothing',
  steps: [
    listen('server'),
    start('client', 'client', 'http-client.mjs', [request]),
    accept(),
    until({ unread: 'server', atLeast: 200 }),
    read('server', 16),
    close('server'),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'read' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 1 } },
    truth: everywhere(
      'server',
      'tls-to-plaintext-port',
      'unread-data-at-close',
      'abort-by-linger-zero',
      'policy-reset',
    ),
  },
});
