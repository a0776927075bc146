import { defineScenario, everywhere } from '../scenario.ts';
import { ANSWERED, meddle, REQUEST, read, send, set, until } from '../steps.ts';

export default defineScenario({
  id: 'paws-mixed-clocks',
  title: 'Timestamps go back, and the server ignores everything',
  shows:
    'From one moment on the client’s timestamps are older than before, as when two hosts share an address behind a translator or a virtual machine is restored. ' +
    'The server takes every segment for an old duplicate (PAWS, RFC 7323 §5) and answers with a bare acknowledgement; the client repeats itself until it gives up.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    ...ANSWERED,
    meddle(
      { kind: 'timestamps-back', by: 1_000_000 },
      'lets the client’s timestamps go back by 1,000,000 ticks',
    ),
    set('client', 'TCP_USER_TIMEOUT', 2500),
    send('client', REQUEST),
    until({ gone: 'client' }),
    read('client'),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: { code: 'ETIMEDOUT', errno: -110 },
    counters: { server: { TcpExtPAWSEstab: 'some' } },
    truth: everywhere(null, 'timestamps-went-back', 'retransmission-give-up'),
  },
});
