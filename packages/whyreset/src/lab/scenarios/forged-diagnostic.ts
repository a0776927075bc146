import { FORGED, SEEN_AT_SERVER, struckAtHost } from '../injector.ts';
import { defineScenario } from '../scenario.ts';
import { until } from '../steps.ts';

const truth = { sender: 'router', causes: ['injected-reset', 'policy-reset'] } as const;

export default defineScenario({
  id: 'forged-diagnostic',
  title: 'A forged RST that explains itself',
  shows:
    'The box refuses the request with a RST whose payload gives the reason in the form of draft-ietf-tcpm-rst-diagnostic-payload: code 9, not authorised. Programs do not see the payload; a capture does.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    // Compact form: magic 0x33AA, code 9, enterprise number 0 (IANA).
    ...struckAtHost('resets whoever asks for a host, and says why', {
      ...FORGED,
      window: 0,
      payload: '33aa000900000000',
    }),
    until({ seen: { at: 'server', from: 'client', flags: 'R' } }),
  ],
  expect: {
    resetBy: 'router',
    shape: 'forged',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'read' },
    counters: { server: { TcpOutRsts: 0 } },
    truth: {
      client: truth,
      server: SEEN_AT_SERVER,
      both: truth,
    },
  },
});
