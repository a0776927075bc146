import { named } from '../evidence/exchange/known-timeout.ts';
import { seconds } from '../evidence/packets.ts';
import { type Citation, cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** No supervisor gives a request less, seconds. */
const SHORTEST_LIMIT = 0.5;
/** So many requests that end at one age show a limit. */
const SEVERAL = 3;
/** A client that had spoken this shortly before the end was not slow, seconds. */
const STILL_SENDING = 0.5;

export default defineLegacyCause({
  id: 'worker-killed',
  taxonomy: 'D9',
  family: 'ended-unanswered',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Request cut off at a fixed age: its worker was killed when a time limit ran out',
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
    'The kernel then closes the worker’s sockets: with a FIN when the request had been read, with a RST when bytes of it were still unread. ' +
    'All requests cut off so are of the same age, whatever they asked for, while other connections to the same port live on and new ones are accepted by other workers. ' +
    'The program in the worker is not asked and logs nothing; the supervisor does ("WORKER TIMEOUT", "execution timed out, terminating", exit by signal 9 or 6). ' +
    'The client sees "socket hang up", EOF or "read ECONNRESET", a reverse proxy before it answers 502.',
  needs: ['unansweredRequest', 'neighbours', 'maker', 'zeroWindow'],
  refines: ['unread-data-at-close', 'abort-by-linger-zero', 'process-died', 'server-timeout-on-slow-client'],
  examine({ unansweredRequest, neighbours, maker, zeroWindow }) {
    if (!unansweredRequest.known) return SILENT;
    const { end, byFin, age, wait, limits, complete, request, lacks } = unansweredRequest;
    if (age < SHORTEST_LIMIT) return SILENT;
    // An upload that stopped is a slow client, unless the server had stopped reading it.
    const held = zeroWindow.known ? zeroWindow.responder : null;
    if (!complete && wait > STILL_SENDING && held === null) return SILENT;
    if (maker.known && (maker.middlebox === 'proven' || maker.middlebox === 'likely')) return SILENT;
    const server = neighbours.known ? neighbours.server : null;
    if (server !== null && server.lastRefused > end.time)
      return contradicted(
        'neighbours',
        'the port refused connections afterwards: the whole server was gone',
        [end.number],
      );
    const state = lacks > 0 ? 'in the middle of its answer' : 'without an answer';
    const because: Citation[] = [
      cite(
        'unansweredRequest',
        `the server ended the connection ${state} with ${byFin ? 'a FIN' : 'an active RST+ACK'}, ${seconds(age)} after the request had begun`,
        request,
        end.number,
      ),
    ];
    if (held !== null)
      because.push(
        cite(
          'zeroWindow',
          'the server had closed its window: the worker was busy with something else than reading',
          held.number,
        ),
      );
    const alike = neighbours.known ? neighbours.sameAge : 0;
    if (alike > 1)
      because.push(
        cite('neighbours', `${alike} requests to this server were cut off at the same age`, end.number),
      );
    if (limits.length > 0)
      because.push(
        cite('unansweredRequest', `${seconds(age)} is a known limit of ${named(limits)}`, end.number),
      );
    const lives = server !== null && server.lastEstablished > end.time;
    if (lives)
      because.push(
        cite(
          'neighbours',
          `${seconds(server.lastEstablished - end.time)} later the same port accepted a connection: the server lived on`,
          end.number,
        ),
      );
    if (alike >= SEVERAL || (alike > 1 && limits.length > 0)) return supported('strong', because);
    // One request may have met its end at that age by chance.
    if (lives && limits.length > 0) return supported('fair', because);
    return lives || limits.length > 0 ? supported('weak', because) : SILENT;
  },
  advice({ unansweredRequest }) {
    const age = unansweredRequest.known ? seconds(unansweredRequest.age) : 'N seconds';
    const names =
      unansweredRequest.known && unansweredRequest.limits.length > 0
        ? ` (default of ${named(unansweredRequest.limits)})`
        : '';
    return [
      {
        who: 'server',
        do: `Find the limit of ${age}${names}: gunicorn --timeout, php-fpm request_terminate_timeout, uWSGI harakiri, Unicorn and Puma worker timeouts, IIS and Passenger request limits, Go http.Server WriteTimeout. Raise it above the slowest legitimate request, and above the read timeout of the proxy in front, so that the proxy gives up first and says 504`,
      },
      {
        who: 'server',
        do: 'Better, make the request shorter: move the work to a queue and answer at once, stream the answer, or use a worker class that is not blocked by waiting (gunicorn gthread, gevent or uvicorn workers)',
      },
      {
        who: 'client',
        do: `Do not repeat such a request blindly: it takes longer than ${age} and will be killed again, and its first half may have been carried out`,
      },
    ];
  },
  scenario: 'worker-killed',
  examples: {
    match: [
      `# at the client: gunicorn's default, everything read, so a FIN; the next connection is served
server ip 10.0.0.2 port 8000 ttl 57
+40.00 > S
+40.04 < S.
+40.04 > .
+40.05 > P. "GET /quick HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+40.09 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+40.09 > F.
+40.13 < F.
+40.13 > .
---
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET /slow HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < .
+30.60 < F.
+30.60 > F.
+30.64 < .`,
      `# at the server: a limit of its own, seen in three uploads of which bytes were unread
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 8000 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 > P. "POST /import HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\n\\r\\n12345"
+0.061 < .
+12.03 < R.
---
+3.000 > S
+3.000 < S.
+3.020 > .
+3.021 > P. "POST /import HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\n\\r\\n12345"
+3.061 < .
+15.04 < R.
---
+7.000 > S
+7.000 < S.
+7.020 > .
+7.021 > P. "POST /import HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 5\\r\\n\\r\\n12345"
+7.061 < .
+19.03 < R.`,
    ],
    miss: [
      `# the whole server was gone
server ip 10.0.0.2 port 8000 ttl 57
+33.00 > S
+33.04 < R. refusal
---
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET /slow HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < .
+30.60 < F.
+30.60 > F.
+30.64 < R passive`,
      `# the client never finished its request
server ip 10.0.0.2 port 8000 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "POST /up HTTP/1.1\\r\\nContent-Length: 900\\r\\n\\r\\n"
+0.081 < .
+30.10 < F.
+30.14 > .
+31.00 > P. len 900
+31.04 < R passive`,
    ],
  },
});
