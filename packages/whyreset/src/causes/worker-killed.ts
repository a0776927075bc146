import { accepts, refuses } from '../evidence/around/next-attempts.ts';
import { named } from '../evidence/exchange/known-timeout.ts';
import { seconds } from '../evidence/packets.ts';
import { LONG_WORK, MANY } from '../evidence/thresholds.ts';
import { type Citation, cite, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  cut: (byFin: boolean, age: number, started: boolean) =>
    `the server ended the connection ${started ? 'in the middle of its answer' : 'without an answer'} with ${byFin ? 'a FIN' : 'an active RST+ACK'}, ${seconds(age)} after the request had begun`,
  window: (before: number) =>
    `the window of the RST is still ${before}: no process that held the socket had ended, which would have emptied the receive queue`,
  gone: 'the port refused connections afterwards: the whole server was gone, not one worker',
  held: 'the server had closed its window: the worker was busy with something else than reading',
  alike: (count: number) => `${count} requests to this server were cut off at the same age`,
  limit: (age: number, limits: string) => `${seconds(age)} is a known limit of ${limits}`,
};

export default defineCause({
  id: 'worker-killed',
  taxonomy: 'D9',
  family: 'ended-unanswered',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Request cut off at a fixed age: a time limit of the server or of a proxy ran out',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  callPaths: ['exit', 'close'],
  counters: ['TCPAbortOnClose', 'EstabResets', 'OutRsts'],
  references: [
    'gunicorn --timeout (30 s): WORKER TIMEOUT',
    'php-fpm request_terminate_timeout; uWSGI harakiri; Unicorn timeout (60 s)',
    'Linux net/ipv4/tcp.c __tcp_close',
  ],
  explain:
    'A supervisor, or the server’s own watchdog, gives every request so many seconds, and kills the worker that holds it when they are over. ' +
    'A proxy that gives up on its backend and has no status to answer with (TCP mode) closes at a fixed age as well. ' +
    'The kernel then closes the worker’s sockets: with a FIN when the request had been read, with a RST when bytes of it were still unread. ' +
    'All requests cut off so are of the same age, whatever they asked for, while other connections to the same port live on and new ones are accepted by other workers. ' +
    'The program in the worker gets no signal that it could handle, so it logs nothing; the supervisor logs the kill ("WORKER TIMEOUT", "execution timed out, terminating", exit by signal 9 or 6). ' +
    'The client sees "socket hang up", EOF or "read ECONNRESET", a reverse proxy before it answers 502.',
  refines: ['unread-data-at-close', 'process-died', 'server-timeout-on-slow-client'],
  requires: ['unansweredRequest'],
  mayUse: ['neighbours', 'zeroWindow', 'nextAttempts', 'resetWindow', 'endpoints'],
  examine({ unansweredRequest, neighbours, zeroWindow, nextAttempts, resetWindow }) {
    const { end, byFin, age, wait, limits, complete, request, lacks, cut } = unansweredRequest;
    if (age < LONG_WORK) return SILENT;
    // An upload that stopped is a slow client, unless the server had stopped reading it.
    const held = zeroWindow?.responder ?? null;
    if (!complete && wait > LONG_WORK && held === null) return SILENT;
    if (nextAttempts !== null && refuses(nextAttempts))
      return doubted('nextAttempts', says.gone, [end.number]);
    if (resetWindow?.change === 'unchanged')
      return doubted('resetWindow', says.window(resetWindow.before), [resetWindow.last.number, end.number]);
    const alike = neighbours?.sameAge ?? 0;
    const because: Citation[] = [
      cite('unansweredRequest', says.cut(byFin, age, lacks > 0 || cut !== null), request, end.number),
    ];
    if (held !== null) because.push(cite('zeroWindow', says.held, held.number));
    if (alike > 1) because.push(cite('neighbours', says.alike(alike), end.number));
    if (limits.length > 0)
      because.push(cite('unansweredRequest', says.limit(age, named(limits)), end.number));
    if (alike >= MANY || (alike > 1 && limits.length > 0)) return supported('strong', because);
    // One request may have met its end at that age by chance.
    const lives = nextAttempts !== null && accepts(nextAttempts);
    return supported(limits.length > 0 && lives ? 'fair' : 'weak', because);
  },
  headline: ({ unansweredRequest, endpoints }) =>
    unansweredRequest === null || endpoints === null
      ? null
      : `${endpoints.server.address}:${endpoints.server.port} cuts requests off after ${seconds(unansweredRequest.age)}: a time limit of the server, not an answer`,
  advice({ unansweredRequest }) {
    const age = unansweredRequest === null ? 'N seconds' : seconds(unansweredRequest.age);
    const limits = unansweredRequest?.limits ?? [];
    return [
      {
        who: 'server',
        do: `Find the limit of ${age}${limits.length > 0 ? ` (default of ${named(limits)})` : ''}: gunicorn --timeout, php-fpm request_terminate_timeout, uWSGI harakiri, Unicorn and Puma worker timeouts, Go http.Server WriteTimeout. Raise it above the slowest legitimate request, or move long work to a queue and answer at once`,
      },
      {
        who: 'client',
        do: `Do not repeat such a request blindly: it takes longer than ${age} and will be cut off again`,
      },
    ];
  },
  scenario: 'worker-killed',
  examples: {
    match: [
      String.raw`# at the client: gunicorn's default, everything read, so a FIN; the next connection is served
server ip 10.0.0.2 port 8000 ttl 57
+40.00 handshake 40ms
+40.05 request "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
+40.09 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+40.09 > F.
+40.13 < F.
+40.13 > .
---
handshake 40ms
+0.041 request "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < .
+30.60 < F.
+30.60 > F.
+30.64 < .`,
      String.raw`# at the server: a limit of its own, seen in three uploads of which bytes were unread
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 8000 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 request "POST /import HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345"
+0.061 < .
+12.03 < R.
---
+3.000 > S
+3.000 < S.
+3.020 > .
+3.021 request "POST /import HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345"
+3.061 < .
+15.04 < R.
---
+7.000 > S
+7.000 < S.
+7.020 > .
+7.021 request "POST /import HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345"
+7.061 < .
+19.03 < R.`,
    ],
    miss: [
      String.raw`# the whole server was gone
server ip 10.0.0.2 port 8000 ttl 57
+33.00 > S
+33.04 < R. refusal
---
handshake 40ms
+0.041 request "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < .
+30.60 < F.
+30.60 > F.
+30.64 < R passive`,
      String.raw`# refused at once: no limit on a request is that short
server ip 10.0.0.2 port 8000 ttl 57
handshake 40ms
+0.041 request "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+0.083 < R.`,
      String.raw`# the client never finished its request
server ip 10.0.0.2 port 8000 ttl 57
handshake 40ms
+0.041 request "POST /up HTTP/1.1\r\nContent-Length: 900\r\n\r\n"
+0.081 < .
+30.10 < F.
+30.14 > .
+31.00 > P. len 900
+31.04 < R passive`,
    ],
  },
});
