import { defineScenario } from '../scenario.ts';
import { accept, connect, listen, REQUEST, RESPONSE, read, send, until, vanish } from '../steps.ts';

const truth = { sender: 'client', causes: ['stale-four-tuple'] } as const;

export default defineScenario({
  id: 'port-reuse',
  title: 'A rebooted client comes back from the same port',
  shows:
    'The client’s end of a connection vanishes without a packet, as at a power cut, and the client connects again from the same port. The server still holds the old connection and answers the SYN with an ACK of it; ' +
    'the client’s kernel resets that, sends its SYN again and is served. The client notices nothing; the server’s old socket reads ECONNRESET.',
  needs: 'namespaces',
  steps: [
    listen('server'),
    connect({ as: 'before', fromPort: 40_000 }),
    accept('old'),
    send('before', REQUEST),
    read('old'),
    send('old', RESPONSE),
    read('before'),
    until({ acknowledged: 'old' }),
    vanish('before'),
    connect({ fromPort: 40_000 }),
    accept(),
    read('old'),
    send('client', REQUEST),
    read('server'),
    send('server', RESPONSE),
    read('client'),
  ],
  expect: {
    resetBy: 'client',
    shape: 'passive',
    error: null,
    reason: 'TCP_INVALID_ACK_SEQUENCE',
    counters: { server: { TcpExtTCPSYNChallenge: 1, TcpEstabResets: 1 } },
    truth: {
      client: truth,
      server: { sender: 'client', causes: ['stale-four-tuple', 'snat-port-reuse'] },
      both: truth,
    },
  },
});
