import type { UnansweredRequestFact } from '../evidence/exchange/unanswered-request.ts';
import { bytes, seconds } from '../evidence/packets.ts';
import { type Citation, cite, contradicted, SILENT, type Strength, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** An end this long after anybody's last byte was not brought about by it. */
const UNPROMPTED = 0.25;

/** A server that cannot make sense of a first request, or will not serve it, closes within this time, seconds. */
const AT_ONCE = 1;

/**
 * A FIN in the place of an answer, or in the middle of one, with nothing else known: nobody closes so who means
 * to answer. Bytes that were written after it make a story of their own.
 */
function fate(
  { byFin, http, complete, served, wait }: UnansweredRequestFact,
  writtenAfter: number,
): Strength | null {
  if (!byFin || !http || !complete) return null;
  return (served || wait >= AT_ONCE) && writtenAfter === 0 ? 'fair' : 'weak';
}

export default defineLegacyCause({
  id: 'process-died',
  taxonomy: 'D1',
  family: 'process-ended',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Server process died in the middle of an exchange',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  callPaths: ['exit'],
  counters: ['TCPAbortOnClose', 'EstabResets', 'OutRsts'],
  references: ['Linux net/ipv4/tcp.c __tcp_close', 'RFC 2525 §2.17'],
  explain:
    'The server process ended while it still owed answers: a crash, SIGKILL, the out-of-memory killer, or an exit that did not wait. ' +
    'The kernel then closes all its sockets at once: with a RST where request bytes were still unread, with a FIN where everything had been read. ' +
    'A single such FIN may also be one worker that died, or a program that closed the socket itself, in an error handler or as a proxy whose own upstream had failed. ' +
    'So one event shows two faces, and several connections end in the same instant at different points of their exchange. ' +
    'When nobody else listens on the port, new connections are refused until somebody does again. ' +
    'Clients see ECONNRESET or "socket hang up" for the running requests and ECONNREFUSED for the next ones. ' +
    'A reverse proxy before it answers 502.',
  needs: ['unansweredRequest', 'closing', 'neighbours'],
  refines: ['unread-data-at-close', 'abort-by-linger-zero', 'write-after-close', 'administrative-kill'],
  examine({ unansweredRequest, closing, neighbours }) {
    if (!unansweredRequest.known) return SILENT;
    const { end, byFin, lacks, cut, request, quiet, complete } = unansweredRequest;
    const server = neighbours.known ? neighbours.server : null;
    if (!neighbours.known || server === null) return SILENT;
    const { sameInstant, sameSilence } = neighbours;
    const lives = server.lastEstablished > end.time;
    if (lives && server.refused === 0 && sameInstant >= 2)
      return contradicted(
        'neighbours',
        `the same port accepted a connection ${seconds(server.lastEstablished - end.time)} later and refused none`,
        [end.number],
      );
    const because: Citation[] = [
      lacks > 0
        ? cite('unansweredRequest', `the response was still ${bytes(lacks)} short`, request, end.number)
        : cite(
            'unansweredRequest',
            cut === null
              ? 'a request of the client was still unanswered'
              : `the response was broken off: ${cut}`,
            request,
            end.number,
          ),
      cite(
        'unansweredRequest',
        byFin
          ? 'the server ended it with a FIN: all that the client had sent had been read'
          : 'the server ended it with an active RST+ACK',
        end.number,
      ),
    ];
    if (sameInstant > 1)
      because.push(
        cite('neighbours', `${sameInstant} connections to the server ended in the same instant`, end.number),
      );
    if (!lives && server.lastRefused > end.time) {
      because.push(
        cite(
          'neighbours',
          `${seconds(server.lastRefused - end.time)} later the port refused new connections: nobody listened any more`,
          end.number,
        ),
      );
      return supported('strong', because);
    }
    const alone = fate(unansweredRequest, closing.known ? closing.dataAfter.length : 0);
    // One timer ends connections of equal age; a death ends whatever is there, at any age.
    const mixed = !lives && sameInstant - Math.max(1, sameSilence) >= 2;
    if (mixed && quiet >= UNPROMPTED && complete) return supported('fair', because);
    if (alone === null) return SILENT;
    if (lives)
      because.push(
        cite(
          'neighbours',
          `${seconds(server.lastEstablished - end.time)} later the same port accepted a connection: one worker ended, or the program closed this one socket`,
          end.number,
        ),
      );
    return supported(alone, because);
  },
  advice({ neighbours }) {
    const many =
      neighbours.known && neighbours.sameInstant > 1
        ? ` (${neighbours.sameInstant} connections at once)`
        : '';
    return [
      {
        who: 'server',
        do: `Find out how the process ended at that moment${many}: dmesg for oom-kill, exit status 137 (SIGKILL) or 139 (segmentation fault), restart count of the supervisor or pod, uncaughtException in its log`,
      },
      {
        who: 'server',
        do: 'If it was a deployment: on SIGTERM stop accepting, finish the running requests, then exit; give it time (systemd TimeoutStopSec, Kubernetes terminationGracePeriodSeconds) before SIGKILL',
      },
      {
        who: 'client',
        do: 'Retry only requests that may run twice (GET, PUT, DELETE, or with an idempotency key): the process may have acted on this one before it died; wait between attempts until the port answers again',
      },
    ];
  },
  scenario: 'crash-idle',
  examples: {
    match: [
      `# the refused connect comes later, but the example is about the last one written here
server ip 10.0.0.2 port 8080 ttl 57
+3.000 > S
+3.040 < R. refusal
---
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.081 > .
+1.000 > P. "GET /slow HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+1.040 < .
+2.000 < R.`,
      `# everything had been read: the dying process leaves a FIN
server ip 10.0.0.2 port 8080 ttl 57
+3.000 > S
+3.040 < R. refusal
---
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET /slow HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < .
+2.000 < F.
+2.000 > .
+2.001 > F.
+2.041 < R passive`,
      `# a FIN in the place of the answer, and the client only hears "socket hang up"
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.081 > .
+1.000 > P. "GET /slow HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+1.040 < .
+1.300 < F.
+1.300 > F.
+1.340 < .`,
      `# at the server: a FIN in the middle of the answer
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 > P. "GET /big HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.060 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 90000\\r\\n\\r\\n"
+0.061 < . len 1448
+0.062 < . len 1448
+0.101 > .
+0.900 < F.
+0.940 > F.
+0.940 < .`,
    ],
    miss: [
      `# alone, and nothing known of later connections: any close with unread bytes looks so
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.081 > .
+1.000 > P. "GET /slow HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+1.040 < .
+2.000 < R.`,
    ],
  },
});
