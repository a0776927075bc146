import { defineScenario, everywhere } from '../scenario.ts';
import { ANSWERED, box, read } from '../steps.ts';

const strike = { flags: 'R.', ttl: 128, window: 0 } as const;

export default defineScenario({
  id: 'idle-rst-at-expiry',
  title: 'A balancer resets both ends when its idle timer runs out (Azure Load Balancer)',
  shows:
    'Exactly 2 s after the last segment each end gets a RST in the name of the other, with nothing that provoked it, as an Azure Load Balancer with “TCP reset” sends after 4 minutes. Neither end sent one.',
  needs: 'namespaces',
  path: { delayMs: 20 },
  steps: [
    box({
      does: 'resets both ends of a connection that was silent for 2 s',
      port: 8080,
      when: { idleSeconds: 2 },
      strikes: [
        { ...strike, towards: 'client', ipId: 0x5a01 },
        { ...strike, towards: 'server', ipId: 0x5a02 },
      ],
    }),
    ...ANSWERED,
    read('client'),
    read('server'),
  ],
  expect: {
    resetBy: 'router',
    shape: 'forged',
    error: { code: 'ECONNRESET', errno: -104 },
    reason: null,
    truth: everywhere('router', 'middlebox-idle-reset-at-expiry'),
  },
});
