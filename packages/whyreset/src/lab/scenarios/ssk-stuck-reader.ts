import { defineScenario, everywhere } from '../scenario.ts';
import { accept, connect, destroy, listen, read } from '../steps.ts';
import { ABORTED, HEADERS, upload } from '../unread.ts';

export default defineScenario({
  id: 'ssk-stuck-reader',
  title: 'An operator destroys the connection of a program that has stopped reading',
  shows:
    'The program has read 20 kB and hangs; 60 kB more wait in its kernel. `ss -K` ends the connection. The window in the RST has not opened: the program did not close, nobody did.',
  needs: 'namespaces',
  snapLength: HEADERS,
  steps: [
    listen('server'),
    connect(),
    accept(),
    ...upload(20_000),
    read('server', 20_000),
    ...upload(),
    destroy('server'),
    read('client'),
    connect({ as: 'again' }),
  ],
  expect: {
    resetBy: 'server',
    shape: 'active',
    window: 'shrunk',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_STATE',
    counters: { server: { TcpOutRsts: 1, TcpExtTCPAbortOnData: 0, TcpExtTCPAbortOnClose: 0 } },
    truth: everywhere('server', ...ABORTED),
  },
});
