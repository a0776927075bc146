import { OPENSSL, tlsServer } from '../certificate.ts';
import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const request = JSON.stringify({
  url: 'https://${server}:8443/',
  tls: { rejectUnauthorized: false },
  requests: [{ bodyBytes: 100_000 }],
});

export default defineScenario({
  id: 'mtls-missing',
  title: 'A client without the certificate that the server demands',
  shows:
    'With TLS 1.3 the handshake is complete for the client before the server has looked for its certificate. It sends its request; the server sends an alert, encrypted, and closes. ' +
    'The rest of the request meets a closed socket: RST, and the alert may be lost behind it.',
  needs: 'nothing',
  tools: OPENSSL,
  path: { delayMs: 20 },
  steps: [
    ...tlsServer({ requestCert: true, rejectUnauthorized: true }),
    start('client', 'client', 'http-client.mjs', [request]),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: null,
    error: { code: 'ECONNRESET|EPIPE|ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' },
    says: { server: /PEER_DID_NOT_RETURN_A_CERTIFICATE/ },
    truth: everywhere('server', 'tls-alert', 'write-after-close', 'unread-data-at-close'),
  },
});
