import { FORGED, SEEN_AT_SERVER, struckAtHost } from '../injector.ts';
import { defineScenario } from '../scenario.ts';
import { until } from '../steps.ts';

const truth = { sender: 'router', causes: ['injected-reset', 'policy-reset'] } as const;

export default defineScenario({
  id: 'injected-by-neighbour',
  title: 'A host of the client’s own link forges a RST, and gets everything right but its own address',
  shows:
    'The forged RST has the TTL of the server, DF set and a plausible window. It is too early, and its frame comes from a hardware address that is not the router’s, through which all others in the name of the server came.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    ...struckAtHost('lets a host beside the client see, which resets whoever asks', {
      ...FORGED,
      ttl: 63,
      ipId: 0x4d2,
      window: 64,
      dontFragment: true,
      mac: '02:77:00:00:0b:00',
    }),
    until({ seen: { at: 'server', from: 'client', flags: 'R' } }),
  ],
  expect: {
    resetBy: 'router',
    shape: 'active',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'read' },
    counters: { server: { TcpOutRsts: 0 } },
    truth: {
      client: truth,
      server: SEEN_AT_SERVER,
      both: truth,
    },
  },
});
