import { FORGED, SEEN_AT_SERVER, struckAtHost } from '../injector.ts';
import { defineScenario } from '../scenario.ts';
import { until } from '../steps.ts';

const truth = { sender: 'router', causes: ['injected-reset', 'policy-reset'] } as const;

export default defineScenario({
  id: 'forged-rst',
  title: 'A box on the path forges a RST in the server’s name',
  shows:
    'A box sees the Host header and sends the client one RST+ACK with exactly the right numbers. It acknowledges the request within a millisecond, on a path whose round trip is 40; the server’s genuine answer comes later, ' +
    'and the client’s kernel, which has forgotten the connection, resets that.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    ...struckAtHost('resets whoever asks for a host', FORGED),
    until({ seen: { at: 'server', from: 'client', flags: 'R' } }),
  ],
  expect: {
    resetBy: 'router',
    shape: 'forged',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'read' },
    counters: { server: { TcpOutRsts: 0, TcpEstabResets: 1 }, client: { TcpEstabResets: 1 } },
    truth: {
      client: truth,
      server: SEEN_AT_SERVER,
      both: truth,
    },
  },
});
