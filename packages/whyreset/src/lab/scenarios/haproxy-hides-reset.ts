import { haproxy } from '../proxies.ts';
import { defineScenario, NOTHING } from '../scenario.ts';
import { abort, accept, finish, listen, read, start } from '../steps.ts';

const request = JSON.stringify({ url: 'http://${router}:8080/', requests: [{ method: 'GET' }] });
const truth = {
  sender: 'server',
  causes: ['abort-by-linger-zero', 'unread-data-at-close', 'listener-closed-with-queue', 'process-died'],
} as const;

export default defineScenario({
  id: 'haproxy-hides-reset',
  title: 'HAProxy turns a backend’s RST into a 502',
  shows:
    'The backend resets the connection after reading the request. HAProxy answers 502 and logs SH, which it logs for a FIN as well: its log does not separate the two.',
  needs: 'namespaces',
  tools: { haproxy: 'haproxy' },
  steps: [
    listen('server'),
    ...haproxy('  retries 0\n'),
    start('client', 'client', 'http-client.mjs', [request]),
    accept(),
    read('server'),
    abort('server'),
    finish('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: null,
    says: { client: /"status":502/, haproxy: /SH--/ },
    reason: 'TCP_STATE',
    truth: { client: NOTHING, server: truth, both: truth },
  },
});
