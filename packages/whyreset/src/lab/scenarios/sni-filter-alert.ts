import { HELLO_TOOLS, struckAtHello } from '../injector.ts';
import { defineScenario } from '../scenario.ts';

/** TLS 1.2 record, fatal, unrecognized_name (112): what nginx and many filters answer to a name they do not serve. */
const ALERT = '15030300020270';
const forged = { ttl: 47, ipId: 0x3039, window: 8192 } as const;
const causes = ['policy-reset', 'tls-alert', 'injected-reset'];

export default defineScenario({
  id: 'sni-filter-alert',
  title: 'A filter answers a ClientHello with a TLS alert and a FIN in the server’s name',
  shows:
    'A box reads the server name in the ClientHello and answers before the server can: a fatal alert, then FIN, both with the server’s address, and a RST to the server. ' +
    'TTL and IP-ID are not the server’s, and 40 ms of the round trip are missing. The server never refused anything.',
  needs: 'namespaces',
  tools: HELLO_TOOLS,
  path: { delayMs: 20 },
  steps: struckAtHello(
    'lets a filter read the server name, which answers with an alert and a FIN, and resets the server',
    { ...forged, towards: 'client', flags: 'P.', payload: ALERT },
    { ...forged, towards: 'client', flags: 'F.', shift: ALERT.length / 2 },
    { ...forged, towards: 'server', flags: 'R.' },
  ),
  expect: {
    resetBy: 'router',
    shape: 'forged',
    error: { code: 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME|EPROTO' },
    truth: {
      client: { sender: 'router', causes },
      // A RST in the client's name: here nothing shows that it is not the client's.
      server: { sender: null, causes: ['injected-reset', 'policy-reset', 'client-gave-up', 'tls-alert'] },
      both: { sender: 'router', causes },
    },
  },
});
