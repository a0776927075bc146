import { defineScenario, everywhere } from '../scenario.ts';
import { ANSWERED, close, REQUEST, read, send, vanish } from '../steps.ts';

export default defineScenario({
  id: 'half-open',
  title: 'A connection dies in silence, and is noticed at the next write',
  shows:
    'The server’s end is gone without a packet (a crash, a restored snapshot), and nothing listens any more. The client believes in it until its next request: RST.',
  needs: 'namespaces',
  steps: [...ANSWERED, vanish('server'), close('listener'), send('client', REQUEST), read('client')],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104 },
    reason: 'NO_SOCKET',
    truth: everywhere('server', 'peer-lost-state', 'process-died'),
  },
});
