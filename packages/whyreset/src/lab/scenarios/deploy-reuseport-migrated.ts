import { ROLLING } from '../rolling.ts';
import { defineScenario, everywhere } from '../scenario.ts';
import { accept, RESPONSE, read, send, sysctl } from '../steps.ts';

const names = ['a', 'b', 'c'];

export default defineScenario({
  id: 'deploy-reuseport-migrated',
  title: 'The cure of deploy-reuseport: the kernel moves the queue',
  shows:
    'The same restart with net.ipv4.tcp_migrate_req=1: when the old listener closes, the kernel hands what waited to the new one, which accepts and answers all three. No RST, no error.',
  needs: 'namespaces',
  steps: [
    sysctl('server', 'net/ipv4/tcp_migrate_req', '1'),
    ...ROLLING,
    ...names.flatMap((as) => [
      accept(`server-${as}`, 'new'),
      read(`server-${as}`),
      send(`server-${as}`, RESPONSE),
    ]),
    ...names.map((on) => read(on)),
  ],
  expect: {
    resetBy: null,
    shape: null,
    error: null,
    reason: null,
    counters: { server: { TcpExtTCPMigrateReqSuccess: 3, TcpOutRsts: 0 } },
    truth: everywhere(null),
  },
});
