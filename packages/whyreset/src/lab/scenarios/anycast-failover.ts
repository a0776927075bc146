import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, laterExchange, listen, moveAddress, REQUEST, read, send } from '../steps.ts';

const truth = { sender: null, causes: ['peer-lost-state', 'injected-reset'] } as const;

export default defineScenario({
  id: 'anycast-failover',
  title: 'The route to an anycast address changes under a living connection',
  shows:
    'The router’s route to the server’s address now leads to another server that has the same address, as when BGP withdraws one site. ' +
    'That server has no such connection and resets the next request, at the same number of hops. The first server sees nothing at all.',
  needs: 'namespaces',
  path: { standby: true },
  steps: [
    ...ANSWERED,
    moveAddress,
    listen('standby', { address: 'server', as: 'standby listener' }),
    send('client', REQUEST),
    read('client'),
    // The first server still runs, and its IPv6 address is still its own.
    ...laterExchange(8081, 6),
  ],
  expect: {
    resetBy: 'standby',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_FLAGS',
    counters: { server: { TcpOutRsts: 0 }, standby: { TcpOutRsts: 1 } },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
