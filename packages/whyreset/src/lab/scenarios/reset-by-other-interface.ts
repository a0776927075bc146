import { defineScenario, everywhere } from '../scenario.ts';
import { reusedAfterClose, STALE } from '../stale.ts';
import { configure, laterExchange } from '../steps.ts';

export default defineScenario({
  id: 'reset-by-other-interface',
  title: 'The kernel’s own RST leaves by another interface',
  shows:
    'The server’s program marks its packets (IP_TOS), and a rule of policy routing sends these by one link. The RST that the kernel makes for a closed connection has no mark and leaves by the other link: ' +
    'a capture of the first one shows the late request and no answer, while the client gets the RST.',
  needs: 'namespaces',
  path: { secondLink: true },
  steps: [
    configure(
      'server',
      'rule add tos 0x10 table 100',
      'route add default via 10.${net}.2.1 table 100',
      'route replace default via 10.${net}.3.1',
    ),
    ...reusedAfterClose({ set: { IP_TOS: 0x10 } }),
    ...laterExchange(8081),
  ],
  expect: {
    resetBy: 'server',
    shape: 'passive',
    error: { code: 'EPIPE', errno: -32, syscall: 'send' },
    reason: 'TCP_TIMEWAIT_SOCKET',
    counters: { server: { TcpOutRsts: 1 } },
    truth: {
      ...everywhere('server', ...STALE),
      // The trigger arrives and no answer leaves: this capture does not show the host's RSTs.
      server: { sender: null, causes: STALE },
    },
  },
});
