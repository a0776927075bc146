import { FORGED } from '../injector.ts';
import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, box, REQUEST, RESPONSE, read, send, until } from '../steps.ts';

const truth = { sender: null, causes: ['blind-reset-ignored'] } as const;

export default defineScenario({
  id: 'forged-out-of-window',
  title: 'A forged RST far outside the window',
  shows:
    'The number lies 30 MB beyond anything the client waits for: its kernel drops the RST without a word, and the connection lives.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    ...ANSWERED,
    box({
      does: 'resets whoever asks, with a number far off',
      port: 8080,
      when: { text: 'Host: ' },
      strikes: [{ ...FORGED, flags: 'R', window: 0, shift: 30_000_000 }],
    }),
    send('client', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('client'),
    until({ acknowledged: 'server' }),
    send('client', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('client'),
  ],
  expect: {
    resetBy: 'router',
    shape: 'forged',
    error: null,
    reason: null,
    counters: {
      client: { TcpExtTCPChallengeACK: 0, TcpEstabResets: 0 },
    },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
