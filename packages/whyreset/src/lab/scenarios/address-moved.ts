import { defineScenario } from '../scenario.ts';
import { ANSWERED, laterExchange, listen, moveAddress, read, send, silence, until } from '../steps.ts';

const truth = { sender: null, causes: ['peer-lost-state', 'injected-reset'] } as const;

export default defineScenario({
  id: 'address-moved',
  title: 'A virtual address moves to another server while the old one still sends',
  shows:
    'A standby server announces the server’s address (gratuitous ARP, as VRRP does), but the old server lives on. Its next event reaches the client, the client’s ACK goes to the standby, ' +
    'and the standby resets a connection that it never had. The RST comes from another network card than the packets before and after it; no box is involved.',
  needs: 'namespaces',
  path: { switched: true, standby: true },
  steps: [
    ...ANSWERED,
    ...[1, 2].flatMap((number) => [
      silence(0.1, 'the program sends an event every 100 ms'),
      send('server', `event ${number}\n`),
      read('client'),
      until({ acknowledged: 'server' }),
    ]),
    moveAddress,
    listen('standby', { address: 'server', as: 'standby listener' }),
    send('server', 'event 3\n'),
    read('client'),
    until({ gone: 'client' }),
    read('client'),
    silence(0.1, 'the program sends an event every 100 ms'),
    send('server', 'event 4\n'),
    // The answer, four events, and three repetitions of what the standby took.
    until({ seen: { at: 'client', from: 'server', flags: 'P.', payload: true, times: 8 } }),
    ...laterExchange(8081, 6),
  ],
  expect: {
    resetBy: 'standby',
    shape: 'passive',
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_FLAGS',
    counters: { server: { TcpOutRsts: 0 }, standby: { TcpOutRsts: 1 } },
    truth: {
      client: truth,
      // Here nothing is acknowledged any more, and no RST arrives: both are the standby's.
      server: { sender: null, causes: ['retransmission-give-up', 'middlebox-idle-silent-drop'] },
      both: truth,
    },
  },
});
