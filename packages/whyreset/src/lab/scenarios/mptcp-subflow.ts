import { defineScenario } from '../scenario.ts';
import { accept, configure, connect, listen, REQUEST, RESPONSE, read, send, until } from '../steps.ts';

const truth = { sender: 'server', causes: ['mptcp-subflow-reset'] } as const;

export default defineScenario({
  id: 'mptcp-subflow',
  title: 'A Multipath TCP sub-flow is reset, the connection lives',
  shows:
    'The client has a second address and opens a second sub-flow of its Multipath TCP connection (MP_JOIN). The server’s limits allow none and it resets that sub-flow, saying why in an option (MP_TCPRST, RFC 8684 §3.6). ' +
    'The connection goes on over the first: no program sees an error.',
  needs: 'namespaces',
  steps: [
    configure('server', 'mptcp limits set subflow 0 add_addr_accepted 0'),
    configure(
      'client',
      'addr add 10.${net}.1.3/24 dev eth0',
      'mptcp limits set subflow 2 add_addr_accepted 0',
      'mptcp endpoint add 10.${net}.1.3 dev eth0 subflow',
    ),
    listen('server', { multipath: true }),
    connect({ multipath: true }),
    accept(),
    send('client', REQUEST),
    read('server'),
    until({ seen: { at: 'client', from: 'server', flags: 'R' } }),
    send('server', RESPONSE),
    read('client'),
  ],
  expect: {
    resetBy: 'server',
    shape: null,
    error: null,
    truth: { client: truth, server: truth, both: truth },
  },
});
