import { who } from '../evidence/packets.ts';
import { GOODBYE_MOST } from '../evidence/thresholds.ts';
import { type Citation, cite, contradicted, defineCause, SILENT, supported } from './define.ts';

const says = {
  both: 'both sides had closed with a FIN before the RST',
  one: (name: string) => `the ${name} had closed with a FIN`,
  goodbye: (name: string) => `all that the ${name} still sent was a TLS close_notify`,
  payload: (name: string) => `the ${name} still sent payload after the FIN`,
  late: 'the RST answers a packet that came after the end',
};

export default defineCause({
  id: 'late-packet-after-close',
  taxonomy: 'B2',
  family: 'harmless',
  baseRate: { is: 'common', source: 'Zeek conn_state SF with a late RST, in every large capture' },
  title: 'Reset of a late packet after both sides had finished',
  resetBy: 'either',
  benign: true,
  kernelReasons: ['SK_RST_REASON_TCP_TIMEWAIT_SOCKET', 'SK_RST_REASON_NO_SOCKET'],
  counters: ['OutRsts'],
  references: ['RFC 9293 §3.10.7.1', 'RFC 8446 §6.1', 'Zeek base/protocols/conn/main.zeek, conn_state SF'],
  explain:
    'Both sides had sent all they had to send and closed, and a last packet met a socket that no longer existed. ' +
    'The kernel answers such a packet with a RST, as it must. ' +
    'Typical late packets are the TLS close_notify of a peer that had not yet seen the FIN, a repeated FIN, and a stray acknowledgement. ' +
    'No payload was lost and no program reads an error, because both had closed their sockets. ' +
    'Such resets fill counters and firewall logs and mean nothing.',
  refines: ['peer-lost-state', 'blind-reset-ignored'],
  requires: ['reset', 'endings', 'exchange'],
  mayUse: ['closing', 'application', 'messageCut', 'goodbye', 'handshake', 'oldReset'],
  examine({ reset, endings, exchange, closing, application, messageCut, goodbye, handshake, oldReset }) {
    // A client that answers an ACK of the old stream so has a port in reuse: stale-four-tuple.
    if (oldReset !== null && (handshake === null || handshake.foreignAck === null))
      return supported('strong', [cite('oldReset', oldReset.says, reset.packet.number)], 'undetermined');
    // A message that a FIN cut off was lost, whoever sent the RST.
    if (messageCut !== null) return SILENT;
    // A goodbye (QUIT, COM_QUIT, a close frame) needs no answer.
    const polite = goodbye?.side === 'originator' && (application?.requestLength ?? 0) <= GOODBYE_MOST;
    const late = cite('reset', says.late, reset.packet.number);
    if (closing === null) {
      const { originator, responder, both } = endings;
      if (!both || originator === null || responder === null) return SILENT;
      if (exchange.unanswered && !polite) return SILENT;
      const [first, second] = [originator.number, responder.number].sort((a, b) => a - b) as [number, number];
      return supported('strong', [cite('endings', says.both, first, second), late], reset.side);
    }
    const { fin, side, secondFin, dataAfter, goodbyes, bothBeforeReset } = closing;
    if (reset.packet.number < fin.number) return SILENT;
    // The other way round, the client's RST is what ended the connection.
    const politeOnly = goodbyes.length > 0 && side === 'responder' && reset.side === side;
    if (!bothBeforeReset && !politeOnly) return SILENT;
    const [payload] = dataAfter;
    if (payload !== undefined && !closing.dataAfterAcked)
      return contradicted('closing', says.payload(who(payload.from)), [payload.number]);
    if (closing.crossing !== null) return SILENT;
    // A client that closes after its own unanswered request lost something, whoever sent the RST.
    const unasked = goodbyes.length + (polite && goodbyes.length === 0 ? 1 : 0);
    // A protocol without answers (syslog) ends so, and so does a client that waited in vain.
    if (exchange.unanswered && unasked === 0)
      return application?.lastRequest?.protocol === 'http-request' ||
        side === 'responder' ||
        secondFin === null
        ? SILENT
        : supported('weak', [cite('closing', says.both, fin.number, secondFin.number), late], reset.side);
    if (exchange.responses < exchange.requests - unasked) return SILENT;
    if (application !== null && application.responseLacks > 0) return SILENT;
    const because: Citation[] = [
      secondFin !== null && bothBeforeReset
        ? cite('closing', says.both, fin.number, secondFin.number)
        : cite('closing', says.one(who(side)), fin.number),
    ];
    const [record] = goodbyes;
    if (record !== undefined) because.push(cite('closing', says.goodbye(who(record.from)), record.number));
    else if (goodbye !== null) because.push(cite('goodbye', goodbye.says, goodbye.number));
    because.push(late);
    // Unreadable framing may hide a message that the FIN cut off: then only the RST is known to be harmless.
    const readable = application?.responseLacks === 0;
    return supported(
      bothBeforeReset && record === undefined && readable ? 'proof' : 'strong',
      because,
      reset.side,
    );
  },
  headline: ({ oldReset }) =>
    oldReset === null
      ? null
      : 'A late RST of an earlier connection on the same ports arrived; it did not end this connection',
  advice: () => [
    {
      who: 'path',
      do: 'Nothing is wrong; leave resets after the end of a connection out of alerts and firewall reports',
    },
  ],
  scenario: 'late-packet',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.050 response "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
+0.050 < F.
+0.051 > F.
+0.071 < R passive`,
      String.raw`server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x17\x03\x03\x00\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.050 response "\x17\x03\x03\x00\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.051 < F.
+0.052 request "\x15\x03\x03\x00\x13aaaaaaaaaaaaaaaaaaa"
+0.052 > F.
+0.072 < R passive`,
      String.raw`# MySQL: COM_QUIT needs no answer
server ip 10.0.0.2 port 3306 ttl 57
handshake 20ms
+0.040 < P. len 78
+0.041 > P. len 190
+0.061 response "\x07\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00"
+0.062 request "\x01\x00\x00\x00\x01"
+0.062 > F.
+0.083 < F.
+0.083 > R passive`,
    ],
    miss: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.050 response "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
+0.050 < F.
+0.090 request "GET /more HTTP/1.1\r\nHost: a\r\n\r\n"
+0.110 < R passive`,
    ],
  },
});
