import { seconds } from '../evidence/packets.ts';
import { PROBE_TIME } from '../evidence/thresholds.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  answered: 'the server answered the SYN',
  reset: (elapsed: number) => `the client reset ${seconds(elapsed)} later; neither side had sent payload`,
  regular: (count: number, spacing: number) =>
    `the same client did so ${count} times${spacing > 0 ? `, about every ${seconds(spacing)}` : ''}`,
};

/** Connections of one client without payload that make it a habit. */
const SEVERAL = 3;

export default defineCause({
  id: 'health-check-reset',
  taxonomy: 'B3',
  family: 'harmless',
  baseRate: { is: 'common', source: 'TCP health checks are the default of balancers' },
  title: 'Health check or scanner: connected and reset without sending a byte',
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
  refines: [],
  requires: ['reset', 'handshake', 'exchange'],
  mayUse: ['closing', 'neighbours', 'scan'],
  examine({ reset, handshake, exchange, closing, neighbours, scan }) {
    const { syn, synAck, foreignAck } = handshake;
    if (reset.side !== 'originator' || synAck === null || foreignAck !== null || !exchange.silent)
      return SILENT;
    const { number, time } = reset.packet;
    if (closing !== null && closing.fin.number < number) return SILENT;
    const elapsed = time - synAck.time;
    const probes = neighbours?.probes ?? 0;
    const regular = probes >= SEVERAL;
    if (elapsed > PROBE_TIME && !regular) return SILENT;
    const because = [
      cite('handshake', says.answered, syn.number, synAck.number),
      cite('exchange', says.reset(elapsed), number),
    ];
    if (regular)
      because.push(cite('neighbours', says.regular(probes, neighbours?.probeSpacing ?? -1), number));
    if (scan !== null) because.push(cite('scan', scan.says, number));
    return supported((regular || scan !== null) && elapsed <= PROBE_TIME ? 'strong' : 'fair', because);
  },
  headline: ({ scan }) =>
    scan === null ? null : 'The client connected and reset without sending a byte: part of a scan',
  advice: () => [
    {
      who: 'server',
      do: 'Nothing is wrong; ignore connections from the checking address that end without a byte, or give the balancer an HTTP health check that closes properly (HAProxy "option httpchk", nginx health_check)',
    },
  ],
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
      String.raw`server ip 10.0.0.2 port 80 ttl 63
handshake 1ms
+0.002 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.003 > R.`,
    ],
  },
});
