import { defineScenario, everywhere } from '../scenario.ts';
import { accept, close, finish, listen, read, send, start, until } from '../steps.ts';

const request = JSON.stringify({ url: 'https://${server}:8443/', requests: [{ method: 'GET' }] });

export default defineScenario({
  id: 'tls-alert-unread',
  title: 'A TLS alert, and a RST behind it',
  shows:
    'The server answers a ClientHello with the alert handshake_failure (40) after 100 bytes of it and closes; the rest is unread, so a RST follows. The alert is the reason, the RST only the consequence.',
  needs: 'nothing',
  steps: [
    listen('server', { port: 8443 }),
    start('client', 'client', 'http-client.mjs', [request]),
    accept(),
    until({ unread: 'server', atLeast: 200 }),
    read('server', 100),
    send('server', { hex: '15030300020228' }),
    close('server'),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET|EPROTO|ERR_SSL_\\w+' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 1 } },
    truth: everywhere('server', 'tls-alert'),
  },
});
