import { FORGED, HELLO_TOOLS, SEEN_AT_SERVER, struckAtHello } from '../injector.ts';
import { defineScenario } from '../scenario.ts';
import { until } from '../steps.ts';

const truth = { sender: 'router', causes: ['injected-reset', 'policy-reset'] } as const;
const strike = { ...FORGED, flags: 'R', window: 1 } as const;

export default defineScenario({
  id: 'injected-three-resets',
  title: 'Three forged RSTs, each a segment further',
  shows:
    'A box sees a ClientHello and sends the client three bare RSTs, at the next byte and one and three segments beyond it, in case the server has answered meanwhile. 40 ms later the server, alive, acknowledges the ClientHello.',
  needs: 'namespaces',
  tools: HELLO_TOOLS,
  path: { delayMs: 20 },
  steps: [
    ...struckAtHello(
      'resets whoever starts TLS, three times',
      strike,
      { ...strike, ipId: 0x3040, shift: 1460 },
      { ...strike, ipId: 0x3047, shift: 4380 },
    ),
    until({ seen: { at: 'server', from: 'client', flags: 'R' } }),
  ],
  expect: {
    resetBy: 'router',
    shape: 'forged',
    error: { code: 'ECONNRESET' },
    counters: { server: { TcpOutRsts: 0 } },
    truth: {
      client: truth,
      server: SEEN_AT_SERVER,
      both: truth,
    },
  },
});
