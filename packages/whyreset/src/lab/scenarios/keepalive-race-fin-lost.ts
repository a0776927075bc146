import { defineScenario } from '../scenario.ts';
import { ANSWERED, close, firewall, REQUEST, read, send, silence } from '../steps.ts';

export default defineScenario({
  id: 'keepalive-race-fin-lost',
  title: 'Keep-alive race: the server’s FIN never arrives',
  shows:
    'The server closes an idle connection (after 1 s), but its FIN is lost on the way. The client’s next request meets a closed connection and is answered by a RST: ' +
    'the client reads ECONNRESET where it would have read an end of stream. Only the server’s capture has the FIN.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { delayMs: 20 },
  steps: [
    ...ANSWERED,
    silence(1, 'the server’s idle timer runs'),
    firewall(
      'router',
      'loses the server’s FIN',
      'table ip f { chain c { type filter hook forward priority 0; tcp sport 8080 tcp flags & (fin | rst) == fin drop; }; }',
    ),
    close('server'),
    send('client', REQUEST),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_ABORT_ON_DATA',
    counters: { server: { TcpExtTCPAbortOnData: 1 } },
    truth: {
      client: {
        sender: 'server',
        causes: ['close-not-seen', 'keep-alive-race-crossing', 'peer-lost-state', 'server-idle-kill'],
      },
      server: { sender: 'server', causes: ['keep-alive-race-crossing'] },
      // Both captures show that nothing crossed: the FIN was there in time, and never arrived.
      both: { sender: 'server', causes: ['write-after-close', 'keep-alive-race-crossing'] },
    },
  },
});
