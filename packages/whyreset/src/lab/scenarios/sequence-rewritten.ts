import { defineScenario } from '../scenario.ts';
import { CONNECTED, firewall, lose, meddle, REQUEST, read, type Step, send, until } from '../steps.ts';

const piece = (number: number): Step => send('server', `${`piece ${number} `.padEnd(1400, '.')}`);

export default defineScenario({
  id: 'sequence-rewritten',
  title: 'A firewall renumbers the stream and forgets the SACK blocks',
  shows:
    'A box shifts the server’s sequence numbers and shifts acknowledgements back, but not the SACK blocks inside them. While nothing is lost nobody notices. ' +
    'One lost segment later the client’s SACK blocks speak of bytes that the server never sent: its connection tracking calls that INVALID, and its rule for those resets.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { delayMs: 20 },
  steps: [
    meddle(
      { kind: 'shift-sequence', by: 1_500_000_000 },
      'renumbers what the server sends, but not the SACK blocks that answer it',
    ),
    firewall(
      'server',
      'rejects what connection tracking calls INVALID',
      'table ip f { chain c { type filter hook input priority 0; ct state invalid tcp flags & rst == 0 reject with tcp reset; ct state established accept; }; }',
    ),
    ...CONNECTED,
    send('client', REQUEST),
    read('server'),
    piece(1),
    read('client'),
    until({ acknowledged: 'server' }),
    lose('piece 2'),
    piece(2),
    piece(3),
    piece(4),
    until({ gone: 'client' }),
    read('client'),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    byFirewall: true,
    error: { code: 'ECONNRESET', errno: -104 },
    also: ['firewall-reject-mid-connection'],
    truth: {
      // One SACK block in, and the filter’s RST out: nothing at the client shows why the filter minds it.
      client: {
        sender: null,
        causes: ['sequence-rewritten', 'firewall-reject-mid-connection', 'peer-lost-state'],
      },
      server: { sender: 'server', causes: ['sequence-rewritten', 'firewall-reject-mid-connection'] },
      both: { sender: 'server', causes: ['sequence-rewritten', 'firewall-reject-mid-connection'] },
    },
  },
});
