import { defineScenario, everywhere } from '../scenario.ts';
import { CONNECTED, close, read, send, shutdown, until } from '../steps.ts';

const HEAD = 'POST /upload HTTP/1.1\r\nHost: example.test\r\nContent-Length: 20000\r\n\r\n';
const REPLY = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

export default defineScenario({
  id: 'lingering-close',
  title: 'The cure of early-reply-413: the server closes in two steps',
  shows:
    'The server answers 413, ends only its own direction, reads what still comes, and closes when the client has closed: no RST, and the client reads its 413 (RFC 9112 §9.6).',
  needs: 'nothing',
  steps: [
    ...CONNECTED,
    send('client', HEAD),
    read('server', HEAD.length),
    send('server', REPLY),
    shutdown('server'),
    send('client', { bytes: 20_000 }),
    until({ unread: 'server', atLeast: 20_000 }),
    read('server', 20_000),
    read('client'),
    read('client'),
    close('client'),
    read('server'),
    close('server'),
  ],
  expect: { resetBy: null, shape: null, error: null, reason: null, truth: everywhere(null) },
});
