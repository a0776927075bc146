import { defineScenario, everywhere } from '../scenario.ts';
import { ANSWERED, listen, loseServer, plugServer, REQUEST, read, send } from '../steps.ts';

export default defineScenario({
  id: 'host-reborn',
  title: 'The server’s host is replaced under a living connection',
  shows:
    'The host loses power and another comes up under its address, with the service running: a reboot, a failover, a moved container. ' +
    'It knows nothing of the connection, and its listening socket answers the client’s next request with a RST.',
  needs: 'namespaces',
  steps: [
    ...ANSWERED,
    loseServer,
    plugServer,
    listen('server', { as: 'new listener' }),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104 },
    reason: 'TCP_FLAGS',
    truth: everywhere('server', 'peer-lost-state'),
  },
});
