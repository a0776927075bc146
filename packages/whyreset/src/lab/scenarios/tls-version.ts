import { OPENSSL, tlsServer } from '../certificate.ts';
import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const request = JSON.stringify({
  url: 'https://${server}:8443/',
  tls: { maxVersion: 'TLSv1.2', rejectUnauthorized: false },
  requests: [{ method: 'GET' }],
});

export default defineScenario({
  id: 'tls-version',
  title: 'A client that speaks TLS 1.2 at most, a server that takes 1.3 only',
  shows:
    'The server answers the ClientHello with the alert protocol_version (70) and a FIN: the reason stands in the packets in the clear.',
  needs: 'nothing',
  tools: OPENSSL,
  steps: [
    ...tlsServer({ minVersion: 'TLSv1.3' }),
    start('client', 'client', 'http-client.mjs', [request]),
    finish('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|EPROTO' },
    says: { server: /ERR_SSL_UNSUPPORTED_PROTOCOL/ },
    reason: null,
    truth: everywhere(null, 'tls-alert'),
  },
});
