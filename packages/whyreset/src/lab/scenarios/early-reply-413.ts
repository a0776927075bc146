import { defineScenario, everywhere } from '../scenario.ts';
import { connect, read, send, start, until } from '../steps.ts';

const HEAD = 'POST /upload HTTP/1.1\r\nHost: example.test\r\nContent-Length: 100000\r\n\r\n';

export default defineScenario({
  id: 'early-reply-413',
  title: 'A server answers 413 and closes with the body unread',
  shows:
    'A Node server refuses a large upload by its header and destroys the socket while the body is still arriving. The answer is on the wire, then come RSTs for the rest of the body, ' +
    'and the client may never see the 413 (RFC 9112 §9.6 tells servers how to do better; see lingering-close).',
  needs: 'nothing',
  path: { delayMs: 20 },
  steps: [
    start('server', 'server', 'servers.mjs', ['early413', '8080'], { ready: /ready/ }),
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
