import { defineScenario, everywhere } from '../scenario.ts';
import { connect, REQUEST, read, send, start, until } from '../steps.ts';

export default defineScenario({
  id: 'proxy-protocol-unexpected',
  title: 'A balancer sends a PROXY header to a server that does not expect it',
  shows:
    'The first bytes are “PROXY TCP4 …”. The server, set for plain HTTP, reads them as a request, answers 400 and closes: every request through that balancer fails.',
  needs: 'namespaces',
  steps: [
    start('server', 'server', 'servers.mjs', ['plain', '8080'], { ready: /ready/ }),
    connect(),
    send('client', `PROXY TCP4 203.0.113.7 203.0.113.1 51000 80\r\n${REQUEST}`),
    read('client'),
    until({ seen: { at: 'client', from: 'server', flags: 'F.' } }),
    read('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: null,
    reason: null,
    truth: everywhere(null, 'proxy-protocol-mismatch'),
  },
});
