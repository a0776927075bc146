import { defineScenario, everywhere } from '../scenario.ts';
import { ANSWERED, close, REQUEST, send, silence, sysctl, until } from '../steps.ts';

export default defineScenario({
  id: 'fin-wait-expiry',
  title: 'A half-closed connection is forgotten, then used',
  shows:
    'The server closes; the client’s program does not notice and keeps its side open. After tcp_fin_timeout (2 s here, 60 s by default) the server’s kernel forgets the connection. ' +
    'What the client sends later meets no socket at all, and is answered by a RST.',
  needs: 'namespaces',
  steps: [
    sysctl('server', 'net/ipv4/tcp_fin_timeout', '2'),
    ...ANSWERED,
    close('server'),
    silence(3.5, 'the client leaves the FIN unanswered, and the server’s FIN_WAIT2 expires'),
    send('client', REQUEST),
    until({ gone: 'client' }),
    send('client', REQUEST),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'EPIPE' },
    reason: 'TCP_FLAGS|NO_SOCKET',
    truth: everywhere('server', 'fin-wait-expiry', 'write-after-close', 'stale-pool-reuse'),
  },
});
