import { defineScenario, NOTHING } from '../scenario.ts';
import {
  accept,
  configure,
  connect,
  firewall,
  listen,
  moveAddress,
  REQUEST,
  RESPONSE,
  read,
  send,
} from '../steps.ts';

const truth = { sender: 'server', causes: ['no-listener', 'firewall-reject'] } as const;

export default defineScenario({
  id: 'balanced-one-dead',
  title: 'Two servers share one address, and one of them does not listen',
  shows:
    'A balancer without translation (direct server return) sends connections with an odd client port to one server and those with an even port to the other. On one no program listens: ' +
    'every second connect is refused, and the address answers with two numberings of IP-ID and two clocks.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { standby: true },
  steps: [
    // The address is on both hosts; the route says the server, and the mark says the other one.
    moveAddress,
    configure(
      'router',
      'route replace ${server}/32 dev eth1',
      'rule add fwmark 1 table 100',
      'route add ${server}/32 dev eth3 table 100',
    ),
    firewall(
      'router',
      'sends connections from odd ports to the other server',
      'table ip b { chain c { type filter hook prerouting priority -150; tcp dport 8080 tcp sport & 1 == 1 meta mark set 1; }; }',
    ),
    listen('server'),
    ...[40_000, 40_002].flatMap((port) => [
      connect({ as: `even ${port}`, fromPort: port }),
      accept(`server ${port}`),
      send(`even ${port}`, REQUEST),
      read(`server ${port}`),
      send(`server ${port}`, RESPONSE),
      read(`even ${port}`),
      connect({ as: `odd ${port + 1}`, fromPort: port + 1 }),
    ]),
  ],
  expect: {
    resetBy: 'standby',
    shape: 'answer-to-syn',
    error: { code: 'ECONNREFUSED', errno: -111, syscall: 'connect' },
    reason: 'NO_SOCKET',
    counters: { server: { TcpOutRsts: 0 }, standby: { TcpOutRsts: 2 }, client: { TcpAttemptFails: 2 } },
    truth: { client: truth, server: NOTHING, both: truth },
  },
});
