import { nginx } from '../proxies.ts';
import { defineScenario, NOTHING } from '../scenario.ts';
import { abort, accept, finish, listen, read, start } from '../steps.ts';

const request = JSON.stringify({ url: 'http://${router}:8080/', requests: [{ method: 'GET' }] });
const truth = {
  sender: 'server',
  causes: ['abort-by-linger-zero', 'unread-data-at-close', 'listener-closed-with-queue', 'process-died'],
} as const;

export default defineScenario({
  id: 'nginx-hides-reset',
  title: 'nginx turns an upstream’s RST into a 502',
  shows:
    'The upstream resets the connection. nginx tells the truth only in its error log (“recv() failed (104: Connection reset by peer) while reading response header from upstream”); the client gets a well-formed 502.',
  needs: 'namespaces',
  tools: { nginx: 'nginx-light' },
  steps: [
    listen('server'),
    ...nginx('router', 'server { listen 8080; location / { proxy_pass http://${server}:8080; } }'),
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
    says: { client: /"status":502/, nginx: /recv\(\) failed \(104: Connection reset by peer\)/ },
    reason: 'TCP_STATE',
    truth: { client: NOTHING, server: truth, both: truth },
  },
});
