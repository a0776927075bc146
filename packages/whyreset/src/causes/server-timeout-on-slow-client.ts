import { matchesOf } from '../evidence/exchange/known-timeout.ts';
import { bytes, seconds } from '../evidence/packets.ts';
import { PROMPT, SHORTEST_LIMIT } from '../evidence/thresholds.ts';
import { type Citation, cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  complete: 'the request was complete',
  held: 'the server had closed its window: the server kept the client waiting, not the other way round',
  headers: (sent: number) =>
    `the client’s request was unfinished: its headers had not ended after ${bytes(sent)}`,
  body: (lacks: number) => `the client’s request was unfinished: its body lacked ${bytes(lacks)}`,
  full: (span: number) =>
    `the client had offered no room for the answer for ${seconds(span)} when the server ended the connection: it was not reading`,
  ended: (age: number) =>
    `the server ended the connection ${seconds(age)} after the first byte of the request`,
  same: (count: number) => `${count} connections to this server were ended after the same wait`,
};

/** Connections that were ended after the same wait: a timer. */
const SEVERAL = 3;

export default defineCause({
  id: 'server-timeout-on-slow-client',
  taxonomy: 'D6',
  family: 'timed-out',
  baseRate: { is: 'common', source: 'every HTTP server has such limits by default (timeouts.tsv)' },
  title: 'Server timed out on a client that was too slow',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['TCPAbortOnClose'],
  references: [
    'RFC 9110 §15.5.9 (408)',
    'Node http server.headersTimeout, server.requestTimeout',
    'nginx client_header_timeout, client_body_timeout; Go http.Server.ReadTimeout',
  ],
  explain:
    'The client had begun a request and did not finish it: the headers or the body stopped, or came too slowly; or it did not read the answer, and its window closed. ' +
    'The server waited for its header, body, read or write timeout and then closed, with 408 or without an answer. ' +
    'A client that was merely slow (a stalled upload, a paused process, a lossy path) then writes into a closed connection and is reset. ' +
    'The server works as configured; such limits protect it from clients that never finish. ' +
    'The client sees 408, "socket hang up", "read ECONNRESET", or "write EPIPE" when it goes on sending.',
  refines: ['unread-data-at-close', 'write-after-close', 'abort-by-linger-zero', 'process-died'],
  requires: ['application', 'exchange'],
  mayUse: [
    'handshake',
    'requestProgress',
    'closing',
    'reset',
    'knownTimeout',
    'neighbours',
    'zeroWindow',
    'spokenReason',
  ],
  examine(facts) {
    const { application, exchange, requestProgress, closing, reset, knownTimeout, neighbours, zeroWindow } =
      facts;
    const fin = closing?.side === 'responder' ? closing.fin : null;
    const end = fin ?? (reset?.side === 'responder' && reset.shape === 'active' ? reset.packet : null);
    if (end === null) return SILENT;
    const full = zeroWindow?.span.originator ?? 0;
    if (full >= SHORTEST_LIMIT)
      return supported('strong', [
        cite('zeroWindow', says.full(full), zeroWindow!.originator!.number, end.number),
      ]);
    const { lastResponse } = application;
    const words = facts.spokenReason?.side === 'responder' ? facts.spokenReason : null;
    const refusal = words?.class === 'request-timeout' ? words : null;
    // A limit, a shutdown or an administrator that is named is no timeout.
    if (words !== null && refusal === null && words.class !== 'goodbye')
      return doubted('spokenReason', words.says, [words.number]);
    const request = requestProgress;
    const open = request !== null && (request.headersOpen || request.lacks > 0);
    if (refusal === null) {
      if (request === null || !exchange.unanswered || request.age < PROMPT) return SILENT;
      // An answer that came early is no timeout.
      if (lastResponse !== null && lastResponse.number > request.head.number) return SILENT;
      if (request.lacks === 0) return contradicted('requestProgress', says.complete, [request.head.number]);
      // A body of unknown length may have been complete.
      if (!open && !(request.lacks < 0 && request.bodied)) return SILENT;
      if (zeroWindow !== null && zeroWindow.responder !== null)
        return doubted('zeroWindow', says.held, [zeroWindow.responder.number]);
    }
    const because: Citation[] = [];
    if (request?.headersOpen)
      because.push(cite('requestProgress', says.headers(request.sent), request.head.number));
    else if (request !== null && request.lacks > 0)
      because.push(cite('requestProgress', says.body(request.lacks), request.head.number));
    if (refusal !== null) because.push(cite('spokenReason', refusal.says, refusal.number));
    if (request !== null)
      because.push(cite('requestProgress', says.ended(request.age), request.head.number, end.number));
    const limits = (request?.limits.length ?? 0) > 0;
    const waits = knownTimeout === null ? [] : matchesOf(knownTimeout, 'responder');
    const alike = neighbours?.sameSilence ?? 1;
    if (alike >= SEVERAL) because.push(cite('neighbours', says.same(alike), end.number));
    const timer =
      limits || alike >= SEVERAL || waits.some(({ what }) => what === 'header' || what === 'request');
    if (refusal !== null || (open && timer)) return supported('strong', because);
    // A close in the middle of an upload that went on: no crash, which resets what it has not read.
    if (open && (request.age >= SHORTEST_LIMIT || fin !== null)) return supported('fair', because);
    return timer ? supported('fair', because) : supported('weak', because);
  },
  headline({ requestProgress, zeroWindow }) {
    const full = zeroWindow?.span.originator ?? 0;
    if (full >= SHORTEST_LIMIT)
      return `The client read nothing of the answer for ${seconds(full)}, and the server ended the connection`;
    if (requestProgress === null) return null;
    const { headersOpen, lacks, age } = requestProgress;
    const missing = headersOpen
      ? 'the end of the headers'
      : lacks > 0
        ? `${bytes(lacks)} of the body`
        : 'the rest';
    return `The server waits ${seconds(age)} for a request and closes; ${missing} had not come by then`;
  },
  advice({ requestProgress, zeroWindow, handshake, closing, reset }) {
    const full = zeroWindow?.span.originator ?? 0;
    if (full >= SHORTEST_LIMIT)
      return [
        {
          who: 'client',
          do: `Read the answer as it comes: find what kept the program from reading for ${seconds(full)} (a blocked event loop, a paused stream, a slow disk behind it)`,
        },
        {
          who: 'server',
          do: `If such clients are legitimate, raise its write timeout above ${seconds(full)}: nginx send_timeout, Go WriteTimeout, HAProxy timeout client`,
        },
      ];
    const end = closing?.fin ?? reset?.packet ?? null;
    const opened = handshake?.complete === true ? (handshake.ack ?? handshake.syn) : null;
    if (requestProgress === null && opened !== null && end !== null)
      return [
        {
          who: 'client',
          do: `Open a connection when a request is there to be sent, or use it within ${seconds(end.time - opened.time)}: pre-connected and warmed-up connections, and browsers’ spare ones, end like this and lose nothing`,
        },
      ];
    const wait = requestProgress === null ? 'T' : seconds(requestProgress.age);
    return [
      {
        who: 'client',
        do: `Find out why the request was not complete after ${wait}: a body stream that stalls, a blocked event loop, a slow or lossy uplink, or a connection opened long before it is used`,
      },
      {
        who: 'server',
        do: `If such clients are legitimate, raise the limit above ${wait}: Node server.headersTimeout and server.requestTimeout, nginx client_header_timeout and client_body_timeout, Go ReadTimeout, HAProxy timeout http-request, Apache RequestReadTimeout, Jetty idleTimeout`,
      },
    ];
  },
  scenario: 'timeouts-408',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "POST /up HTTP/1.1\r\nContent-Length: 900\r\n\r\n"
+0.041 < .
+60.02 < F.
+60.06 > .
+61.00 > P. len 900
+61.02 < R passive`,
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHo"
+0.041 < .
+30.02 response "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"
+30.02 < F.
+30.06 > .
+31.00 request "st: a\r\n\r\n"
+31.02 < R passive`,
    ],
    miss: [
      String.raw`# the request was complete
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < .
+60.02 < R.`,
    ],
  },
});
