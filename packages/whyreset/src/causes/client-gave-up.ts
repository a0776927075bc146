import { bytes, seconds } from '../evidence/packets.ts';
import { NO_PATIENCE, REBOOT } from '../evidence/thresholds.ts';
import { cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

const STATES = {
  none: 'without a byte of the answer',
  short: 'with a part of the response outstanding',
  streaming: 'while the server was still sending',
} as const;

const says = {
  brokeOff: (lacks: number) =>
    `the client ended the connection in the middle of its own request${lacks > 0 ? `, ${bytes(lacks)} before its end` : ''}`,
  complete: 'the response was complete when the client ended the connection',
  ended: (wait: number, state: keyof typeof STATES, lacks: number) =>
    `the client ended the connection ${seconds(wait)} after its request, ${state === 'short' ? `with ${bytes(lacks)} of the response outstanding` : STATES[state]}`,
  late: (after: number) => `the response came ${seconds(after)} after the client had ended the connection`,
  refused: (number: number) =>
    `the client’s kernel refused what the server went on sending (packet ${number})`,
  same: (count: number) => `${count} connections of this client ended after the same wait: its timeout`,
  vanished: (number: number, since: number) =>
    `the client’s stack refused the response in packet ${number} only ${seconds(since)} after its request: its socket was gone, and no close was seen`,
};

export default defineCause({
  id: 'client-gave-up',
  taxonomy: 'D7',
  family: 'timed-out',
  baseRate: { is: 'common', source: 'every HTTP client has a timeout or a cancel' },
  title: 'Client gave up before the response was complete',
  resetBy: 'originator',
  benign: false,
  kernelReasons: [
    'SK_RST_REASON_TCP_STATE',
    'SK_RST_REASON_TCP_ABORT_ON_CLOSE',
    'SK_RST_REASON_TCP_TIMEWAIT_SOCKET',
  ],
  counters: ['TCPAbortOnClose', 'TCPAbortOnData'],
  references: [
    'nginx access log, status 499',
    'Envoy response flag DC',
    'undici headersTimeout, bodyTimeout',
  ],
  explain:
    'The client ended the connection while a response, or the rest of one, was outstanding. ' +
    'A timeout of the client ran out, a user closed the page or cancelled, or the calling program was stopped. ' +
    'It closed its socket; what the server sent afterwards met a kernel without a receiver and was answered with a RST, or the client’s kernel sent the RST itself because it threw away unread bytes. ' +
    'The error shows on the server: "write EPIPE", ECONNRESET, nginx 499, Envoy DC, HAProxy CD. ' +
    'The client’s own log reports a timeout or an abort instead. ' +
    'The question is then why the response took longer than the client waits.',
  refines: ['unread-data-at-close', 'write-after-close', 'abort-by-linger-zero'],
  requires: ['exchange'],
  mayUse: [
    'unawaitedAnswer',
    'messageCut',
    'application',
    'endings',
    'reset',
    'trigger',
    'coverage',
    'neighbours',
    'spokenReason',
  ],
  examine({
    exchange,
    unawaitedAnswer,
    messageCut,
    application,
    endings,
    reset,
    trigger,
    coverage,
    neighbours,
    spokenReason,
  }) {
    const asked = exchange.originator;
    if (
      messageCut?.side === 'originator' &&
      (unawaitedAnswer !== null || messageCut.end.number === exchange.end?.number)
    ) {
      const { message, end } = messageCut;
      return supported('strong', [cite('messageCut', says.brokeOff(messageCut.lacks), message, end.number)]);
    }
    if (unawaitedAnswer === null) {
      const aborted =
        reset?.side === 'originator' && reset.shape === 'active' && endings?.originator === null;
      if (aborted && application?.responseLacks === 0)
        return contradicted('application', says.complete, [
          exchange.responder.lastDataNumber,
          reset.packet.number,
        ]);
      // Its FIN, or a RST that ended it, may have escaped the capture.
      const gone = reset?.side === 'originator' && reset.shape === 'passive' && endings?.originator === null;
      if (!gone || trigger === null || trigger.packet.length === 0 || coverage?.fromStart !== true)
        return SILENT;
      const since = trigger.packet.time - asked.lastDataTime;
      if (exchange.requests === 0 || since > REBOOT) return SILENT;
      const { number } = trigger.packet;
      return supported('weak', [
        cite('trigger', says.vanished(number, since), asked.lastDataNumber, number, reset.packet.number),
      ]);
    }
    const { end, request, wait, state, lacks, late, waited } = unawaitedAnswer;
    // The server had refused the request or announced its end: the client only acts on that.
    const words =
      spokenReason?.side === 'responder' && spokenReason.number < end.number ? spokenReason : null;
    if (words !== null && words.class !== 'goodbye')
      return doubted('spokenReason', words.says, [words.number]);
    const because = [cite('unawaitedAnswer', says.ended(wait, state, lacks), request, end.number)];
    if (late !== null && state === 'none')
      because.push(cite('unawaitedAnswer', says.late(late.time - end.time), end.number, late.number));
    else if (late !== null) because.push(cite('unawaitedAnswer', says.refused(late.number), late.number));
    const alike = neighbours?.samePatience ?? 1;
    if (alike >= 2) because.push(cite('neighbours', says.same(alike), end.number));
    if (!waited && state === 'none' && wait < NO_PATIENCE && alike < 2) return supported('weak', because);
    return supported(waited ? 'strong' : 'fair', because);
  },
  headline: ({ unawaitedAnswer, messageCut }) =>
    messageCut?.side === 'originator'
      ? `The client ends the connection in the middle of its own request${messageCut.lacks > 0 ? `, ${bytes(messageCut.lacks)} before its end` : ''}`
      : unawaitedAnswer === null
        ? null
        : `The client gives up ${seconds(unawaitedAnswer.wait)} after its request, ${unawaitedAnswer.state === 'short' ? `with ${bytes(unawaitedAnswer.lacks)} of the response outstanding` : STATES[unawaitedAnswer.state]}`,
  advice({ unawaitedAnswer, messageCut }) {
    if (messageCut?.side === 'originator')
      return [
        {
          who: 'client',
          do: 'Find out why the client stopped while it was sending: killed, cancelled, a timeout on the whole request, a body stream that failed; the server cannot have the whole request',
        },
      ];
    const wait = unawaitedAnswer === null ? 'that length' : seconds(unawaitedAnswer.wait);
    return [
      {
        who: 'client',
        do: `Look for a timeout of ${wait} in the client: total and read timeouts (undici headersTimeout and bodyTimeout, axios timeout, Go Client.Timeout, requests timeout=, curl --max-time, nginx proxy_read_timeout), AbortController or a user’s cancel; raise it above what the slowest good answer takes`,
      },
      {
        who: 'server',
        do: `Find out why the answer takes longer than ${wait}: the slow query log, a blocked worker, a queue in front; send headers or progress early, and stop the work when the client is gone (req.on("close"), context cancellation)`,
      },
    ];
  },
  scenario: 'client-cancel',
  examples: {
    match: [
      String.raw`# closed after ten seconds, the answer came after twelve
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < .
+10.02 > F.
+10.04 < .
+12.00 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+12.00 > R passive`,
      String.raw`# aborted in the middle of a download
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < . "HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n"
+0.042 < . len 1448
+0.042 > .
+0.043 < . len 1448
+0.043 > R.`,
    ],
    miss: [
      String.raw`# all there: harmless
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 > R.`,
      String.raw`# a half-closed client still reads
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.0\r\n\r\n"
+0.021 > F.
+0.041 response "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 > .
+0.043 < R.`,
    ],
  },
});
