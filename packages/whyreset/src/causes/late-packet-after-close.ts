import { who } from '../evidence/packets.ts';
import { type Citation, cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

export default defineLegacyCause({
  id: 'late-packet-after-close',
  taxonomy: 'B2',
  family: 'harmless',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Reset of a late packet after both sides had finished',
  resetBy: 'either',
  benign: true,
  kernelReasons: ['SK_RST_REASON_TCP_TIMEWAIT_SOCKET', 'SK_RST_REASON_NO_SOCKET'],
  counters: ['OutRsts'],
  references: ['RFC 9293 §3.10.7.1', 'RFC 8446 §6.1', 'Zeek base/protocols/conn/main.zeek, conn_state SF'],
  explain:
    'Both sides had said all they had to say and closed, and a last packet met a socket that was gone already. ' +
    'The kernel answers such a packet with a RST, as it must. ' +
    'Typical late packets are the TLS close_notify of a peer that had not yet seen the FIN, a repeated FIN, and a stray acknowledgement. ' +
    'No payload was lost and no program reads an error, because both had closed their sockets. ' +
    'Such resets fill counters and firewall logs and mean nothing.',
  needs: ['reset', 'closing', 'endings', 'exchange', 'application'],
  refines: ['peer-lost-state'],
  examine({ reset, closing, endings, exchange, application }) {
    if (!reset.known || !exchange.known || !endings.known) return SILENT;
    if (!closing.known) {
      const { originator, responder, both } = endings;
      if (!both || originator === null || responder === null || exchange.unanswered) return SILENT;
      return supported(
        'strong',
        [
          cite(
            'endings',
            'both sides had closed with a FIN before the RST',
            Math.min(originator.number, responder.number),
            Math.max(originator.number, responder.number),
          ),
          cite('reset', 'the RST answers a packet that came after the end', reset.packet.number),
        ],
        reset.side,
      );
    }
    const { fin, side, secondFin, dataAfter, goodbyes, bothBeforeReset } = closing;
    const { number } = reset.packet;
    if (number < fin.number) return SILENT;
    // The other way round, the client's RST is what ended the connection, told as such.
    const politeOnly = goodbyes.length > 0 && side === 'responder' && reset.side === side;
    if (!bothBeforeReset && !politeOnly) return SILENT;
    if (dataAfter.length > 0 && !closing.dataAfterAcked) {
      return contradicted('closing', `the ${who(dataAfter[0]!.from)} still sent payload after the FIN`, [
        dataAfter[0]!.number,
      ]);
    }
    if (closing.crossing !== null) return SILENT;
    // A client that closes after its own unanswered request lost something, whoever sent the RST.
    if (exchange.responses < exchange.requests - goodbyes.length) return SILENT;
    if (exchange.unanswered && goodbyes.length === 0) return SILENT;
    if (application.known && application.responseLacks > 0) return SILENT;
    const because: Citation[] = [];
    if (secondFin !== null && bothBeforeReset) {
      because.push(
        cite('closing', 'both sides had closed with a FIN before the RST', fin.number, secondFin.number),
      );
    } else {
      because.push(cite('closing', `the ${who(side)} had closed with a FIN`, fin.number));
    }
    if (goodbyes.length > 0) {
      because.push(
        cite(
          'closing',
          `all that the ${who(goodbyes[0]!.from)} still sent was a TLS close_notify`,
          goodbyes[0]!.number,
        ),
      );
    }
    because.push(cite('reset', 'the RST answers a packet that came after the end', number));
    return supported(bothBeforeReset && goodbyes.length === 0 ? 'proof' : 'strong', because, reset.side);
  },
  advice() {
    return [
      {
        who: 'path',
        do: 'Nothing is wrong; leave resets after both FINs out of alerts and firewall reports',
      },
    ];
  },
  scenario: 'late-packet',
  examples: {
    match: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.050 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok"
+0.050 < F.
+0.051 > F.
+0.071 < R passive`,
      `server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\\x17\\x03\\x03\\x00\\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.050 < P. "\\x17\\x03\\x03\\x00\\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.051 < F.
+0.052 > P. "\\x15\\x03\\x03\\x00\\x13aaaaaaaaaaaaaaaaaaa"
+0.052 > F.
+0.072 < R passive`,
    ],
    miss: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.050 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok"
+0.050 < F.
+0.090 > P. "GET /more HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.110 < R passive`,
    ],
  },
});
