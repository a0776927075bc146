import { bytes, seconds } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** A server that was quiet for so long had finished its response. */
const QUIET = 0.05;
/** A TLS close_notify is at most so long; more is part of an answer. */
const GOODBYE = 31;

export default defineLegacyCause({
  id: 'client-reset-after-response',
  taxonomy: 'B1',
  family: 'harmless',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Client reset the connection after it had its answer',
  resetBy: 'originator',
  benign: true,
  kernelReasons: [
    'SK_RST_REASON_TCP_STATE',
    'SK_RST_REASON_TCP_ABORT_ON_CLOSE',
    'SK_RST_REASON_TCP_ABORT_ON_DATA',
  ],
  counters: ['TCPAbortOnData', 'TCPAbortOnClose', 'OutRsts'],
  references: [
    'RFC 9293 §3.10.4',
    'RFC 8446 §6.1',
    'Arlitt, Williamson: An analysis of TCP reset behaviour on the Internet, ACM CCR 2005',
  ],
  explain:
    'The client had received complete answers to everything it asked, and then ended the connection with a RST instead of a FIN. ' +
    'Browsers, load testers and many HTTP clients do that to get rid of an idle keep-alive connection quickly, and any client does it that closes before it has read the last bytes, such as a TLS close_notify. ' +
    'Nothing was lost: no request was open and no payload of the client was on its way. ' +
    'The server may log "connection reset by peer" or ECONNRESET for it; such lines can be ignored. ' +
    'Between a sixth and a quarter of all TCP connections on a campus network carry a RST of this harmless kind.',
  needs: ['reset', 'exchange', 'closing', 'endings', 'application', 'rtt', 'maker', 'trigger'],
  refines: ['write-after-close'],
  examine(facts) {
    const { reset, exchange, closing, endings, application, maker } = facts;
    if (!reset.known || reset.side !== 'originator' || !exchange.known) return SILENT;
    if (exchange.requests === 0 || exchange.responses === 0) return SILENT;
    const { number, time } = reset.packet;
    if (maker.known && maker.middlebox === 'proven') return SILENT;
    if (exchange.unanswered) {
      return contradicted('exchange', 'the client reset while its last request was still unanswered', [
        exchange.originator.lastDataNumber,
        number,
      ]);
    }
    if (exchange.originator.unacked > 0) return SILENT;
    const lacks = application.known ? application.responseLacks : -1;
    if (lacks > 0) {
      return contradicted(
        'application',
        `the response was still ${bytes(lacks)} short when the client reset`,
        [number],
      );
    }
    if (exchange.responder.late !== null && exchange.responder.late.length > GOODBYE) {
      return contradicted('exchange', 'the server was still sending when the client reset', [
        number,
        exchange.responder.late.number,
      ]);
    }
    // The reset of a client that had closed and was then sent the rest of an answer is another story.
    if (closing.known && closing.side === 'originator' && closing.dataAfter.length > 0) return SILENT;
    if (endings.known && endings.both) return SILENT;
    // A stack without the connection refused fresh payload, and nobody had seen the client close: it lost something.
    const { trigger } = facts;
    const fresh = trigger.known && trigger.packet.length > GOODBYE;
    if (reset.shape === 'passive' && fresh && endings.known && !endings.closed.originator) return SILENT;
    const quiet = time - exchange.responder.lastDataTime;
    const { rtt } = facts;
    const roundTrip = rtt.known ? Math.max(rtt.originator, 0) + Math.max(rtt.responder, 0) : 0;
    const closed = closing.known && closing.fin.number < number;
    if (lacks < 0 && !closed && exchange.responder.unacked > GOODBYE) return SILENT;
    const complete = lacks === 0 || closed || quiet >= QUIET + 2 * roundTrip;
    const plural = exchange.requests === 1 ? '' : 's';
    const because = [
      cite(
        'exchange',
        `${exchange.requests} request${plural} of the client had been answered, and nothing it sent was outstanding`,
        exchange.responder.lastDataNumber,
      ),
      lacks === 0
        ? cite(
            'application',
            'the last response was complete by its Content-Length',
            exchange.responder.lastDataNumber,
          )
        : cite(
            'exchange',
            closed
              ? `a FIN of the ${closing.side === 'responder' ? 'server' : 'client'} had already ended the exchange`
              : `the server had been quiet for ${seconds(quiet)}`,
            exchange.responder.lastDataNumber,
          ),
      cite(
        'reset',
        reset.shape === 'active'
          ? 'then the client ended the connection with a RST'
          : 'then the client, which had closed, answered a late packet with a RST',
        number,
      ),
    ];
    return supported(complete ? 'strong' : 'fair', because);
  },
  advice() {
    return [
      {
        who: 'server',
        do: 'Nothing is wrong; leave this out of alerts (in Node ignore "clientError" with code ECONNRESET when no request is open, in log rules count resets only with an open request)',
      },
      {
        who: 'client',
        do: 'If the log lines disturb: close with a FIN (end() instead of destroy(), read to the end before closing, no SO_LINGER 0)',
      },
    ];
  },
  scenario: 'reset-after-response',
  examples: {
    match: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.050 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok"
+0.050 > .
+4.000 > R.`,
      `# TLS: the server closes with close_notify, the client has closed already
server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\\x17\\x03\\x03\\x00\\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.050 < P. "\\x17\\x03\\x03\\x00\\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.051 > .
+1.000 > F.
+1.020 < P. "\\x15\\x03\\x03\\x00\\x13aaaaaaaaaaaaaaaaaaa"
+1.021 > R passive`,
    ],
    miss: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < .
+4.000 > R.`,
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.050 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 200000\\r\\n\\r\\nok"
+0.050 > .
+4.000 > R.`,
    ],
  },
});
