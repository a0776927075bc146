import { seconds } from '../evidence/packets.ts';
import { cite, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** A probe knows what it wants to know as soon as the SYN-ACK is there. */
const AT_ONCE = 2;

export default defineLegacyCause({
  id: 'health-check-reset',
  taxonomy: 'B3',
  family: 'harmless',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Health check or scanner: connected and reset without a word',
  resetBy: 'originator',
  benign: true,
  kernelReasons: ['SK_RST_REASON_TCP_STATE', 'SK_RST_REASON_NO_SOCKET'],
  counters: ['TCPAbortOnData', 'EmbryonicRsts'],
  references: [
    'HAProxy configuration manual, "check" (TCP health checks)',
    'nmap reference guide, TCP SYN scan',
  ],
  explain:
    'A client opened a connection, saw that the port answers, and reset it without sending or waiting for a single byte. ' +
    'Load balancers and monitors check ports that way because a RST frees both sockets at once, and port scanners do it because they only want the SYN-ACK. ' +
    'No request existed, so none failed. ' +
    'The server may log "connection reset by peer" or ECONNRESET on accept or on its first read; in Node it shows as "clientError". ' +
    'A fixed period and a fixed source address tell a health check from a scan.',
  needs: ['handshake', 'reset', 'exchange', 'neighbours', 'closing', 'endpoints'],
  refines: [],
  examine(facts) {
    const { handshake, reset, exchange, closing } = facts;
    if (!reset.known || reset.side !== 'originator' || !handshake.known || handshake.synAck === null)
      return SILENT;
    if (!exchange.known || !exchange.silent || handshake.foreignAck !== null) return SILENT;
    if (closing.known && closing.fin.number < reset.packet.number) return SILENT;
    const { number, time } = reset.packet;
    const elapsed = time - handshake.synAck.time;
    const { neighbours } = facts;
    const regular = neighbours.known && neighbours.probes >= 3;
    if (elapsed > AT_ONCE && !regular) return SILENT;
    const because = [
      cite('handshake', 'the server answered the SYN', handshake.syn.number, handshake.synAck.number),
      cite('exchange', `the client reset ${seconds(elapsed)} later; neither side had sent payload`, number),
    ];
    if (regular) {
      const period = neighbours.probeSpacing > 0 ? `, about every ${seconds(neighbours.probeSpacing)}` : '';
      because.push(cite('neighbours', `the same client did so ${neighbours.probes} times${period}`, number));
    }
    return supported(regular && elapsed <= AT_ONCE ? 'strong' : 'fair', because);
  },
  advice({ neighbours, endpoints }) {
    const from = endpoints.known ? endpoints.client.address : 'that address';
    const often =
      neighbours.known && neighbours.probes >= 3 && neighbours.probeSpacing > 0
        ? ` (every ${seconds(neighbours.probeSpacing)})`
        : '';
    return [
      {
        who: 'server',
        do: `Nothing is wrong; ignore connections from ${from} that end without a byte${often}, or give the balancer an HTTP health check that closes properly (HAProxy "option httpchk", nginx health_check)`,
      },
    ];
  },
  scenario: 'health-check-rst',
  examples: {
    match: [
      `client ip 10.0.0.9
server ip 10.0.0.2 port 80 ttl 63
+0.000 > S
+0.001 < S.
+0.001 > R.
---
+5.000 > S
+5.001 < S.
+5.001 > R.
---
+10.000 > S
+10.001 < S.
+10.001 > R.`,
    ],
    miss: [
      `server ip 10.0.0.2 port 80 ttl 63
+0.000 > S
+0.001 < S.
+0.001 > .
+0.002 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.003 > R.`,
    ],
  },
});
