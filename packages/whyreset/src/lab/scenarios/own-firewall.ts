import { defineScenario } from '../scenario.ts';
import { ANSWERED, firewall, read, send, silence, until } from '../steps.ts';

const causes = ['firewall-reject-mid-connection', 'policy-reset', 'injected-reset', 'peer-lost-state'];

export default defineScenario({
  id: 'own-firewall',
  title: 'The server host’s own packet filter rejects one packet of a living connection',
  shows:
    'A rule in the server’s input chain rejects packets of more than 600 bytes. The RST leaves with the server’s own TTL, though the server’s TCP did not make it: ' +
    'its program goes on sending on the same connection, and the client’s kernel resets that.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  steps: [
    ...ANSWERED,
    firewall(
      'server',
      'rejects packets to port 8080 that are longer than 600 bytes',
      'table ip f { chain c { type filter hook input priority 0; tcp dport 8080 meta length > 600 reject with tcp reset; }; }',
    ),
    ...[1, 2, 3].flatMap((number) => [
      silence(0.1, 'the program sends an event every 100 ms'),
      send('server', `event ${number}\n`),
      read('client'),
      until({ acknowledged: 'server' }),
    ]),
    send('client', { bytes: 700 }),
    read('client'),
    silence(0.1, 'the program sends an event every 100 ms'),
    send('server', 'event 4\n'),
    until({ gone: 'server' }),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    byFirewall: true,
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    // The client's kernel, which has no socket any more, for the server's next event.
    reason: 'NO_SOCKET',
    counters: { server: { TcpOutRsts: 0 }, client: { TcpOutRsts: 1 } },
    truth: {
      // Its maker had the server's TTL: the filter of that host, or a box as far away.
      client: { sender: null, causes },
      server: { sender: 'server', causes },
      both: { sender: 'server', causes },
    },
  },
});
