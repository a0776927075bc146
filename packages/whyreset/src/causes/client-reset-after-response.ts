import { bytes, seconds } from '../evidence/packets.ts';
import { CLOSE_NOTIFY_MOST, GOODBYE_MOST, QUIET } from '../evidence/thresholds.ts';
import { cite, contradicted, defineCause, doubted, type KnownFacts, SILENT, supported } from './define.ts';

const says = {
  unanswered: 'the client reset while its last request was still unanswered',
  short: (lacks: number) => `the response was still ${bytes(lacks)} short when the client reset`,
  sending: 'the server was still sending when the client reset',
  answered: (requests: number) =>
    `${requests} request${requests === 1 ? '' : 's'} of the client had been answered, and nothing it sent was outstanding`,
  open: 'the last chunk of the answer had not come',
  complete: 'the last response was complete by its Content-Length',
  closed: (by: string) => `a FIN of the ${by} had already ended the exchange`,
  quiet: (time: number) => `the server had been quiet for ${seconds(time)}`,
  active: 'then the client ended the connection with a RST',
  passive: 'then the client, which had closed, answered a late packet with a RST',
};

/** All that the server still sent is its answer to the goodbye: `221 closing`, `+OK bye`, a close frame. */
function isFarewell(
  { dataAfter }: NonNullable<KnownFacts['closing']>,
  polite: KnownFacts['goodbye'],
): boolean {
  return polite !== null && dataAfter.reduce((sum, p) => sum + p.length, 0) <= GOODBYE_MOST;
}

export default defineCause({
  id: 'client-reset-after-response',
  taxonomy: 'B1',
  family: 'harmless',
  baseRate: {
    is: 'common',
    source: 'Arlitt and Williamson, ACM CCR 2005: a sixth to a quarter of all connections',
  },
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
  refines: ['write-after-close'],
  requires: ['reset', 'exchange', 'endings'],
  mayUse: ['closing', 'application', 'rtt', 'trigger', 'goodbye', 'earlierReset', 'unawaitedAnswer'],
  examine({
    reset,
    exchange,
    endings,
    closing,
    application,
    rtt,
    trigger,
    goodbye,
    earlierReset,
    unawaitedAnswer,
  }) {
    if (reset.side !== 'originator' || exchange.requests === 0 || exchange.responses === 0) return SILENT;
    const { number, time } = reset.packet;
    const { originator, responder } = exchange;
    // A goodbye needs no answer.
    const polite = goodbye?.side === 'originator' ? goodbye : null;
    if (exchange.unanswered && polite === null)
      return contradicted('exchange', says.unanswered, [originator.lastDataNumber, number]);
    if (originator.unacked > 0 && polite === null) return SILENT;
    const lacks = application?.responseLacks ?? -1;
    if (lacks > 0) return contradicted('application', says.short(lacks), [number]);
    if (unawaitedAnswer?.open)
      return doubted('unawaitedAnswer', says.open, [responder.lastDataNumber, number]);
    if (responder.late !== null && responder.late.length > CLOSE_NOTIFY_MOST && polite === null)
      return doubted('exchange', says.sending, [number, responder.late.number]);
    // The reset of a client that had closed and was then sent the rest of an answer is no harmless end.
    if (closing?.side === 'originator' && closing.dataAfter.length > 0 && !isFarewell(closing, polite))
      return SILENT;
    if (endings.both) return SILENT;
    // A stack without the connection refused fresh payload, and no close of the client was seen: it lost something.
    const fresh = earlierReset?.inUse === true || (trigger?.packet.length ?? 0) > CLOSE_NOTIFY_MOST;
    if (reset.shape === 'passive' && fresh && !endings.closed.originator) return SILENT;
    const quiet = time - responder.lastDataTime;
    const roundTrip = rtt === null ? 0 : Math.max(rtt.originator, 0) + Math.max(rtt.responder, 0);
    const closed = closing !== null && closing.fin.number < number ? closing : null;
    if (lacks < 0 && closed === null && polite === null && responder.unacked > CLOSE_NOTIFY_MOST)
      return SILENT;
    const complete = lacks === 0 || closed !== null || polite !== null || quiet >= QUIET + 2 * roundTrip;
    const end =
      polite !== null
        ? cite('goodbye', polite.says, polite.number)
        : lacks === 0
          ? cite('application', says.complete, responder.lastDataNumber)
          : cite(
              'exchange',
              closed === null
                ? says.quiet(quiet)
                : says.closed(closed.side === 'responder' ? 'server' : 'client'),
              responder.lastDataNumber,
            );
    return supported(complete ? 'strong' : 'fair', [
      cite('exchange', says.answered(exchange.requests), responder.lastDataNumber),
      end,
      cite('reset', reset.shape === 'active' ? says.active : says.passive, number),
    ]);
  },
  headline: ({ goodbye }) =>
    goodbye?.side === 'originator' ? 'The client reset the connection after its own goodbye' : null,
  advice: () => [
    {
      who: 'server',
      do: 'Nothing is wrong; leave this out of alerts (in Node ignore "clientError" with code ECONNRESET when no request is open, in log rules count resets only with an open request)',
    },
    {
      who: 'client',
      do: 'If the log lines disturb: close with a FIN (end() instead of destroy(), read to the end before closing, no SO_LINGER 0)',
    },
  ],
  scenario: 'reset-after-response',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.050 response "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
+0.050 > .
+4.000 > R.`,
      String.raw`# TLS: the server closes with close_notify, the client has closed already
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x17\x03\x03\x00\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.050 response "\x17\x03\x03\x00\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.051 > .
+1.000 > F.
+1.020 response "\x15\x03\x03\x00\x13aaaaaaaaaaaaaaaaaaa"
+1.021 > R passive`,
    ],
    miss: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < .
+4.000 > R.`,
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.050 response "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\nok"
+0.050 > .
+4.000 > R.`,
    ],
  },
});
