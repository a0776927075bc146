import { FORGED } from '../injector.ts';
import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, box, REQUEST, RESPONSE, read, send, until } from '../steps.ts';

const truth = { sender: null, causes: ['blind-reset-ignored'] } as const;

export default defineScenario({
  id: 'forged-miss',
  title: 'A forged RST that misses by a thousand bytes',
  shows:
    'The number lies inside the client’s window, but it is not the one it waits for. Since RFC 5961 a stack does not obey that: it sends a challenge ACK, the true server has nothing to say to it, and the connection lives. No program notices.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    ...ANSWERED,
    box({
      does: 'resets whoever asks, with a number that it guessed',
      port: 8080,
      when: { text: 'Host: ' },
      strikes: [{ ...FORGED, flags: 'R', window: 0, shift: 1000 }],
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
      client: { TcpExtTCPChallengeACK: 1, TcpEstabResets: 0 },
    },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
