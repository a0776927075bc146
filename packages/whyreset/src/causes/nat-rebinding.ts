import { seconds } from '../evidence/packets.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  proven: (from: string) => `${from}: a translator had forgotten the connection and picked a new port for it`,
  reset: (number: number) =>
    `the server’s stack knows no connection under the new name, and answered packet ${number} with a RST`,
  possible: (gap: number) =>
    `the server’s stack does not know the connection after ${seconds(gap)}: it may have arrived there under another port or address`,
};

export default defineCause({
  id: 'nat-rebinding',
  taxonomy: 'I12',
  family: 'state-lost',
  baseRate: {
    is: 'occasional',
    source: 'estimate: Linux conntrack maps an unknown segment anew (nf_conntrack_tcp_loose=1, the default)',
  },
  title: 'A NAT forgot the idle connection and gave it another port',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_FLAGS', 'SK_RST_REASON_NO_SOCKET'],
  counters: ['OutRsts'],
  references: [
    'RFC 5382 REQ-5 (a NAT may forget an established connection after 2 h 4 min at the earliest)',
    'RFC 4787 §4.3',
    'Linux Documentation/networking/nf_conntrack-sysctl.rst nf_conntrack_tcp_loose',
  ],
  explain:
    'The connection ran through a NAT, and the NAT dropped it from its table while it was idle. ' +
    'The client’s next packet made a new entry, with another source port or address. ' +
    'For the server that is a packet of a connection it has never had, so its kernel answers with a RST. ' +
    'A capture at the server proves it: the sequence and acknowledgement numbers go on under the new port. ' +
    'A capture at the client shows only a RST with the server’s own TTL. ' +
    'The client reads ECONNRESET, "connection reset by peer", on the first use after a pause; the server keeps the old half open.',
  refines: [],
  requires: [],
  mayUse: ['rebinding', 'reset', 'noConnection', 'trigger'],
  examine({ rebinding, reset, noConnection, trigger }) {
    if (rebinding !== null) {
      if (reset?.side !== 'responder' || reset.shape !== 'passive' || trigger === null) return SILENT;
      const { number } = trigger.packet;
      if (number < rebinding.number) return SILENT;
      return supported('proof', [
        cite('rebinding', says.proven(rebinding.says), rebinding.number),
        cite('reset', says.reset(number), number, reset.packet.number),
      ]);
    }
    if (noConnection === null || noConnection.side !== 'responder' || !noConnection.tookPart) return SILENT;
    const { absence, trigger: packet, reset: answer } = noConnection;
    return supported('weak', [cite('noConnection', says.possible(absence), packet.number, answer.number)]);
  },
  headline: ({ rebinding }) =>
    rebinding === null
      ? null
      : `A NAT forgot the connection of ${rebinding.before.address}:${rebinding.before.port} after ${seconds(rebinding.silence)} without a packet and sent it on from port ${rebinding.now.port}; the server knows no such connection`,
  advice: () => [
    {
      who: 'path',
      do: 'On the NAT raise the timeout for established connections (Linux nf_conntrack_tcp_timeout_established; RFC 5382 asks for at least 2 h 4 min), and look for a full table (nf_conntrack_count against nf_conntrack_max)',
    },
  ],
  scenario: 'nat-rebind',
  examples: {
    match: [
      `# at the server: the stream of port 40000 goes on under port 51000
client ip 10.0.0.1 port 40000 ttl 60
server ip 10.0.0.2 port 5432 ttl 64
+0.000 > S rawseq 1000
+0.000 < S. rawseq 5000
+0.040 > . rawseq 1001 rawack 5001
+0.041 > P. len 60 rawseq 1001 rawack 5001
+0.042 < P. len 90 rawseq 5001 rawack 1061
+0.082 > . rawseq 1061 rawack 5091
---
client ip 10.0.0.1 port 51000 ttl 60
+300.000 > P. len 60 rawseq 1061 rawack 5091
+300.000 < R passive rawseq 5091`,
    ],
    miss: [
      `# the server had closed
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+20.00 < F.
+20.04 > .
+40.00 > P. len 60
+40.04 < R passive`,
    ],
  },
});
