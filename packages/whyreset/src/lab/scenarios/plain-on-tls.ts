import { OPENSSL, tlsServer } from '../certificate.ts';
import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const request = JSON.stringify({ url: 'http://${server}:8443/', requests: [{ method: 'GET' }] });

export default defineScenario({
  id: 'plain-on-tls',
  title: 'An http:// request to a TLS port',
  shows:
    'The first byte that the TLS server gets is “G”, not a TLS record, and it ends the connection with a FIN and not one byte. Node calls that “socket hang up” with code ECONNRESET; there is no RST.',
  needs: 'nothing',
  tools: OPENSSL,
  steps: [...tlsServer(), start('client', 'client', 'http-client.mjs', [request]), finish('client')],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ECONNRESET', message: /socket hang up/ },
    says: { server: /ERR_SSL_HTTP_REQUEST/ },
    reason: null,
    truth: everywhere(null, 'plaintext-to-tls-port'),
  },
});
