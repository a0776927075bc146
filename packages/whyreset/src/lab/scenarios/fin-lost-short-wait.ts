import { defineScenario } from '../scenario.ts';
import { ANSWERED, close, firewall, REQUEST, read, send, silence } from '../steps.ts';

export default defineScenario({
  id: 'fin-lost-short-wait',
  title: 'The server’s FIN is lost, and the next request comes 90 ms later',
  shows:
    'The path takes less than a millisecond, the server’s FIN is lost, and 90 ms after it the client asks again: long after a FIN could have been under way, so the two did not cross. ' +
    'The server’s capture has the FIN; the client’s has none.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    ...ANSWERED,
    silence(1, 'the server’s idle timer runs'),
    firewall(
      'router',
      'loses the server’s FIN',
      'table ip f { chain c { type filter hook forward priority 0; tcp sport 8080 tcp flags & (fin | rst) == fin drop; }; }',
    ),
    close('server'),
    silence(0.09, 'the client does something else'),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_ABORT_ON_DATA',
    counters: { server: { TcpExtTCPAbortOnData: 1, TcpOutRsts: 1 } },
    truth: {
      client: {
        sender: 'server',
        causes: [
          'close-not-seen',
          'write-after-close',
          'peer-lost-state',
          'keep-alive-race-crossing',
          'stale-pool-reuse',
          'server-idle-kill',
        ],
      },
      server: { sender: 'server', causes: ['stale-pool-reuse', 'write-after-close', 'server-idle-kill'] },
      both: { sender: 'server', causes: ['stale-pool-reuse', 'write-after-close', 'server-idle-kill'] },
    },
  },
});
