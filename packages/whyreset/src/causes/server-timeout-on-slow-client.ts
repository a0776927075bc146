import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { bytes, seconds } from '../evidence/packets.ts';
import { type Citation, cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** Sooner than this nobody speaks of a slow client. */
const SHORTEST_PATIENCE = 1;
export default defineLegacyCause({
  id: 'server-timeout-on-slow-client',
  taxonomy: 'D6',
  family: 'timed-out',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Server lost patience with a request that did not arrive in time',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['TCPAbortOnClose'],
  references: [
    'RFC 9110 §15.5.9 (408)',
    'Node http server.headersTimeout, server.requestTimeout',
    'nginx client_header_timeout, client_body_timeout',
  ],
  explain:
    'The client had begun a request and did not finish it: the headers or the body stopped halfway. ' +
    'The server waited for its header or body timeout and then closed, politely with 408 or without a word. ' +
    'A client that was merely slow (a stalled upload, a paused process, a lossy path) then writes into a closed connection and is reset. ' +
    'The server has done nothing wrong; such limits protect it from clients that never finish. ' +
    'The client sees 408, "socket hang up", "read ECONNRESET", or "write EPIPE" when it goes on sending.',
  needs: [
    'reset',
    'closing',
    'exchange',
    'application',
    'requestProgress',
    'knownTimeout',
    'neighbours',
    'zeroWindow',
  ],
  refines: ['unread-data-at-close', 'write-after-close', 'abort-by-linger-zero'],
  examine(facts) {
    const { reset, closing, exchange, application } = facts;
    if (!exchange.known || !application.known) return SILENT;
    const fin = closing.known && closing.side === 'responder' ? closing.fin : null;
    const aborted =
      reset.known && reset.side === 'responder' && reset.shape === 'active' ? reset.packet : null;
    const end = fin ?? aborted;
    if (end === null) return SILENT;
    const { lastResponse } = application;
    const timedOut =
      lastResponse?.protocol === 'http-response' && lastResponse.status === 408 ? lastResponse : null;
    const { requestProgress } = facts;
    const request = requestProgress.known ? requestProgress : null;
    const open = request !== null && (request.headersOpen || request.lacks > 0);
    const unsure = request !== null && request.lacks < 0 && request.bodied;
    if (timedOut === null) {
      if (request === null || request.age < SHORTEST_PATIENCE || !exchange.unanswered) return SILENT;
      if (request.lacks === 0)
        return contradicted('requestProgress', 'the request was complete', [request.head.number]);
      if (!open && !unsure) return SILENT;
      const { zeroWindow } = facts;
      if (zeroWindow.known && zeroWindow.responder !== null)
        return contradicted(
          'zeroWindow',
          'the server had closed its window: it kept the client waiting, not the other way round',
          [zeroWindow.responder.number],
        );
    }
    const missing =
      request?.headersOpen === true
        ? `its headers had not ended after ${bytes(request.sent)}`
        : request !== null && request.lacks > 0
          ? `its body lacked ${bytes(request.lacks)}`
          : null;
    const because: Citation[] = [];
    if (request !== null && missing !== null)
      because.push(
        cite('requestProgress', `the client’s request was unfinished: ${missing}`, request.head.number),
      );
    if (timedOut !== null)
      because.push(cite('application', 'the server answered 408 Request Timeout', timedOut.number));
    if (request !== null)
      because.push(
        cite(
          'requestProgress',
          `the server ended the connection ${seconds(request.age)} after the first byte of the request`,
          request.head.number,
          end.number,
        ),
      );
    const { knownTimeout } = facts;
    const silences = knownTimeout.known ? matchesOf(knownTimeout, 'responder') : [];
    const known = [
      ...(request?.limits ?? []),
      ...silences.filter(({ what }) => what === 'header' || what === 'request'),
    ];
    if (known.length > 0)
      because.push(cite('knownTimeout', `that is a known limit of ${named(known)}`, end.number));
    const { neighbours } = facts;
    const alike = neighbours.known ? neighbours.sameSilence : 1;
    if (alike >= 3)
      because.push(
        cite('neighbours', `${alike} connections to this server were ended after the same wait`, end.number),
      );
    const timer = known.length > 0 || alike >= 3;
    if (timedOut !== null || (open && timer)) return supported('strong', because);
    // Whether a body of unknown length was complete decides, and the timer alone does not.
    return open || timer ? supported('fair', because) : SILENT;
  },
  advice({ requestProgress }) {
    const wait = requestProgress.known ? seconds(requestProgress.age) : 'T';
    const lacks =
      requestProgress.known && requestProgress.lacks > 0
        ? ` (${bytes(requestProgress.lacks)} were missing)`
        : '';
    return [
      {
        who: 'client',
        do: `Find out why the request stopped for ${wait}${lacks}: a body stream that stalls, a blocked event loop, a slow or lossy uplink, or a connection opened long before it is used`,
      },
      {
        who: 'server',
        do: `If such clients are legitimate, raise the limit above ${wait}: Node server.headersTimeout and server.requestTimeout, nginx client_header_timeout and client_body_timeout, HAProxy timeout http-request, Apache RequestReadTimeout, Jetty idleTimeout`,
      },
    ];
  },
  scenario: 'timeouts-408',
  examples: {
    match: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "POST /up HTTP/1.1\\r\\nContent-Length: 900\\r\\n\\r\\n"
+0.041 < .
+60.02 < F.
+60.06 > .
+61.00 > P. len 900
+61.02 < R passive`,
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHo"
+0.041 < .
+30.02 < P. "HTTP/1.1 408 Request Timeout\\r\\nConnection: close\\r\\n\\r\\n"
+30.02 < F.
+30.06 > .
+31.00 > P. "st: a\\r\\n\\r\\n"
+31.02 < R passive`,
    ],
    miss: [
      `# the request was complete
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < .
+60.02 < R.`,
    ],
  },
});
