import { defineScenario, everywhere } from '../scenario.ts';
import { accept, close, connect, listen, REQUEST, RESPONSE, read, send } from '../steps.ts';

export default defineScenario({
  id: 'closed-without-answer',
  title: 'A handler fails, and the server closes the connection instead of answering',
  shows:
    'The server has read the request and closes without a byte of an answer, as Go does for a handler that panics with ErrAbortHandler, Node for socket.destroy() and nginx for "return 444". ' +
    'All had been read, so there is a FIN and no RST: the client reads the end of the stream in the place of an answer. The next connection is served.',
  needs: 'namespaces',
  steps: [
    listen('server'),
    connect(),
    accept(),
    send('client', REQUEST),
    read('server'),
    close('server'),
    read('client'),
    close('client'),
    connect({ as: 'next' }),
    accept('next server'),
    send('next', REQUEST),
    read('next server'),
    send('next server', RESPONSE),
    read('next'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: null,
    reason: null,
    truth: everywhere('server', 'closed-without-answer', 'process-died', 'policy-reset'),
  },
});
