import { FORGED, HELLO_TOOLS, struckAtHello } from '../injector.ts';
import { defineScenario, everywhere } from '../scenario.ts';
import { until } from '../steps.ts';

export default defineScenario({
  id: 'injected-both-ways',
  title: 'A box resets both ends, each in the name of the other',
  shows:
    'A box sees a ClientHello and sends one RST+ACK to each end. Both programs read ECONNRESET, and neither host sent a RST: the two captures together prove it.',
  needs: 'namespaces',
  tools: HELLO_TOOLS,
  path: { delayMs: 20 },
  steps: [
    ...struckAtHello('resets both ends of a TLS connection', FORGED, {
      ...FORGED,
      towards: 'server',
      ipId: 0x303a,
    }),
    until({ seen: { at: 'server', from: 'client', flags: 'R.' } }),
  ],
  expect: {
    resetBy: 'router',
    shape: 'forged',
    error: { code: 'ECONNRESET' },
    counters: { client: { TcpEstabResets: 1 }, server: { TcpEstabResets: 1 } },
    truth: everywhere('router', 'injected-reset', 'policy-reset'),
  },
});
