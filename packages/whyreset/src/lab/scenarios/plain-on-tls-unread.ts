import { defineScenario, everywhere } from '../scenario.ts';
import { accept, close, finish, listen, read, start, until } from '../steps.ts';

const request = JSON.stringify({ url: 'http://${server}:8443/', requests: [{ bodyBytes: 40_000 }] });

export default defineScenario({
  id: 'plain-on-tls-unread',
  title: 'An http:// upload to a TLS port, and a RST',
  shows:
    'The TLS library reads a record header of five bytes, finds none, and the program closes. The rest of the upload is unread, so the close becomes a RST: the same mistake as plain-on-tls, now “read ECONNRESET”.',
  needs: 'nothing',
  steps: [
    listen('server', { port: 8443 }),
    start('client', 'client', 'http-client.mjs', [request]),
    accept(),
    until({ unread: 'server', atLeast: 1000 }),
    read('server', 5),
    close('server'),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET|EPIPE' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 1 } },
    truth: everywhere('server', 'plaintext-to-tls-port', 'unread-data-at-close'),
  },
});
