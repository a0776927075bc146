import { defineScenario, NOTHING } from '../scenario.ts';
import { ANSWERED, close, configure, firewall, laterExchange, REQUEST, read, send, until } from '../steps.ts';

const causes = ['unread-data-at-close', 'keep-alive-race-unread', 'abort-by-linger-zero', 'process-died'];

export default defineScenario({
  id: 'rerouted-reset',
  title: 'The way back changes: the RST comes sooner than a round trip, and over more hops',
  shows:
    'The server’s default route moves to a second link, which is faster (no 20 ms) but longer (three more hops). Then the server closes with a request unread. ' +
    'Its RST has another TTL than every packet before and arrives in half a round trip; its timestamps and IP-ID go on.',
  needs: 'namespaces',
  tools: { nft: 'nftables' },
  path: { delayMs: 20, secondLink: true },
  steps: [
    firewall(
      'router',
      'stands for three more routers on the second link',
      'table ip h { chain c { type filter hook prerouting priority 0; iifname "eth2" ip ttl set 61; }; }',
    ),
    ...ANSWERED,
    configure('server', 'route replace default via 10.${net}.3.1'),
    send('client', REQUEST),
    until({ unread: 'server', atLeast: REQUEST.length }),
    close('server'),
    read('client'),
    ...laterExchange(8081),
  ],
  expect: {
    resetBy: 'server',
    shape: null,
    error: { code: 'ECONNRESET', errno: -104, syscall: 'recv' },
    reason: 'TCP_ABORT_ON_CLOSE',
    counters: { server: { TcpExtTCPAbortOnClose: 1, TcpOutRsts: 1 } },
    truth: {
      // TTL and time speak against the server, its clock and numbering for it.
      client: { sender: null, causes },
      // Recorded on the first link alone: neither the acknowledgement nor the RST is there, and 0.6 s later it ends.
      server: NOTHING,
      both: { sender: null, causes },
      kernel: { sender: 'server', causes },
    },
  },
});
