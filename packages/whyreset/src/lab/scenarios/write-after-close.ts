import { defineScenario, everywhere } from '../scenario.ts';
import { CONNECTED, close, read, send, silence, until } from '../steps.ts';

export default defineScenario({
  id: 'write-after-close',
  title: 'A client writes into a connection that the server has closed',
  shows:
    'The server closes right after its first read; the client writes again a second later. The wire carries a RST, but the client program reads an end of file, not ECONNRESET: ' +
    'the FIN came first. Only its next write fails, with EPIPE.',
  needs: 'nothing',
  steps: [
    ...CONNECTED,
    send('client', 'first line\n'),
    read('server'),
    close('server'),
    silence(1, 'the client thinks'),
    send('client', 'second line\n'),
    until({ gone: 'client' }),
    read('client'),
    send('client', 'third line\n'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'EPIPE', errno: -32, syscall: 'send' },
    reason: 'TCP_TIMEWAIT_SOCKET',
    counters: { server: { TcpExtTCPAbortOnData: 0, TcpOutRsts: 1 } },
    truth: everywhere('server', 'write-after-close', 'stale-pool-reuse', 'fin-wait-expiry'),
  },
});
