import { defineScenario, everywhere } from '../scenario.ts';
import { finish, start } from '../steps.ts';

const request = JSON.stringify({ url: 'https://${server}:8080/', requests: [{ method: 'GET' }] });

export default defineScenario({
  id: 'tls-on-plain',
  title: 'An https:// request to a plain-text port',
  shows:
    'The server reads the ClientHello as a broken request and answers “400 Bad Request” in plain text, where the client expects a TLS record: Node’s client says EPROTO, “wrong version number”.',
  needs: 'nothing',
  steps: [
    start('server', 'server', 'servers.mjs', ['plain', '8080'], { ready: /ready/ }),
    start('client', 'client', 'http-client.mjs', [request]),
    finish('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'EPROTO|ERR_SSL_WRONG_VERSION_NUMBER', message: /wrong version number/ },
    truth: everywhere(null, 'tls-to-plaintext-port'),
  },
});
