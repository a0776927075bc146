import { nginx } from '../proxies.ts';
import { defineScenario, everywhere } from '../scenario.ts';
import { connect, read, send, until } from '../steps.ts';

const HEAD = 'POST /upload HTTP/1.1\r\nHost: example.test\r\nContent-Length: 200000\r\n\r\n';

export default defineScenario({
  id: 'nginx-413',
  title: 'nginx without lingering close answers 413 and resets the upload',
  shows:
    'nginx refuses a body of 200,000 bytes by its header (client_max_body_size 1k) and, with lingering_time 0, closes at once: the rest of the upload meets a closed socket. Left at its default, nginx drains first and no RST is sent.',
  needs: 'namespaces',
  tools: { nginx: 'nginx-light' },
  path: { delayMs: 20 },
  steps: [
    ...nginx(
      'server',
      'client_max_body_size 1k; lingering_time 0; keepalive_timeout 0; server { listen 8080; location / { root /nonexistent; } }',
    ),
    connect(),
    send('client', HEAD),
    send('client', { bytes: 60_000 }),
    until({ gone: 'client' }),
    send('client', { bytes: 40_000 }),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: null,
    error: { code: 'EPIPE|ECONNRESET' },
    truth: everywhere('server', 'early-response-unread-body', 'unread-data-at-close', 'write-after-close'),
  },
});
