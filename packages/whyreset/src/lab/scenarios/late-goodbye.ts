import { OPENSSL, tlsServer } from '../certificate.ts';
import { defineScenario } from '../scenario.ts';
import { finish, start } from '../steps.ts';

export default defineScenario({
  id: 'late-goodbye',
  title: 'A TLS close_notify meets a client that is gone',
  shows:
    'curl has its whole response, sends close_notify and FIN, and is gone. The close_notify with which the server answers finds no socket, and the client’s kernel resets it. Half of all RSTs behind TLS are this, and mean nothing.',
  needs: 'namespaces',
  tools: { ...OPENSSL, curl: 'curl' },
  path: { delayMs: 20 },
  steps: [
    ...tlsServer(),
    start('client', 'curl', 'curl', ['-sS', '-o', '/dev/null', '--insecure', 'https://${server}:8443/']),
    finish('curl'),
  ],
  expect: {
    resetBy: 'client',
    shape: 'passive',
    error: null,
    truth: {
      client: { sender: 'client', causes: ['client-reset-after-response', 'late-packet-after-close'] },
      // Here the server's own FIN stands before the RST: both had closed.
      server: { sender: 'client', causes: ['late-packet-after-close', 'client-reset-after-response'] },
      both: { sender: 'client', causes: ['client-reset-after-response', 'late-packet-after-close'] },
    },
  },
});
