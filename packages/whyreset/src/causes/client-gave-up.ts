import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { bytes, seconds } from '../evidence/packets.ts';
import { type Answer, cite, contradicted, type Facts, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** A client that resets sooner than this, or two round trips, had not been waiting. */
const NO_PATIENCE = 0.05;
/** A host is not gone and back in this time, a program is, seconds. */
const RECENT = 0.5;
/** A response of unknown length that grew so recently is taken to be still growing, seconds. */
const STREAM_GAP = 0.05;
/** A TLS 1.3 close_notify hidden in a data record (RFC 8446 §5.2). */
const HIDDEN_ALERT = 24;

/**
 * Its FIN may have escaped the capture: a client whose socket is gone a moment
 * after it asked had closed it somehow, or something else had.
 */
function escaped({
  reset,
  trigger,
  exchange,
  coverage,
}: Pick<Facts, 'reset' | 'trigger' | 'exchange' | 'coverage'>): Answer {
  if (!reset.known || reset.shape !== 'passive' || !trigger.known || trigger.packet.length === 0)
    return SILENT;
  if (!exchange.known || !coverage.known || !coverage.fromStart) return SILENT;
  const { packet } = trigger;
  const since = packet.time - exchange.originator.lastDataTime;
  if (since > RECENT) return SILENT;
  const says = `the client’s stack refused the response in packet ${packet.number} only ${seconds(since)} after its request, as if its socket were gone`;
  return supported('weak', [
    cite('trigger', says, exchange.originator.lastDataNumber, packet.number, reset.packet.number),
  ]);
}

export default defineLegacyCause({
  id: 'client-gave-up',
  taxonomy: 'D7',
  family: 'timed-out',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
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
    'The client ended the connection while it was still owed a response, or the rest of one. ' +
    'A timeout of the client ran out, a user closed the page or cancelled, or the calling program was stopped. ' +
    'It closed its socket; what the server sent afterwards met a kernel without a receiver and was answered with a RST, or the client’s kernel sent the RST itself because it threw away unread bytes. ' +
    'The trouble shows on the server: "write EPIPE", ECONNRESET, nginx 499, Envoy DC, HAProxy CD. ' +
    'The client’s own log speaks of a timeout or an abort instead. ' +
    'The question is then why the response took longer than the client waits.',
  needs: [
    'reset',
    'closing',
    'endings',
    'coverage',
    'trigger',
    'idle',
    'exchange',
    'application',
    'unread',
    'rtt',
    'neighbours',
    'knownTimeout',
  ],
  refines: ['unread-data-at-close', 'write-after-close', 'abort-by-linger-zero'],
  examine(facts) {
    const { reset, closing, endings, idle, exchange, application } = facts;
    if (!exchange.known || !endings.known || exchange.requests === 0) return SILENT;
    const aborted =
      reset.known && reset.side === 'originator' && reset.shape === 'active' ? reset.packet : null;
    if (reset.known && reset.side === 'responder') return SILENT;
    const end = endings.originator ?? aborted;
    if (!idle.known) return SILENT;
    const { coverage, trigger } = facts;
    if (end === null) return escaped({ reset, trigger, exchange, coverage });
    if (endings.responder !== null && endings.responder.number < end.number) return SILENT;
    // A FIN alone may shut down one direction only; that the client resets what still comes shows that it is gone.
    const late = closing.known && closing.side === 'originator' ? (closing.dataAfter[0] ?? null) : null;
    const refused = !closing.known && trigger.known && trigger.packet.length > 0 ? trigger.packet : null;
    const met = late ?? refused;
    if (endings.originator !== null && (met === null || (closing.known && closing.dataAfterAcked)))
      return SILENT;
    const app = application.known ? application : null;
    const last = app?.lastRequest ?? null;
    // Parting words of TLS: what came before them is not known any more.
    if (
      last?.protocol === 'tls-alert' ||
      (last?.protocol === 'tls-data' && app?.requestLength === HIDDEN_ALERT)
    )
      return SILENT;

    const begun = app?.lastResponse ?? null;
    const lacks = begun !== null && begun.number < end.number ? (app?.responseLacks ?? -1) : -1;
    const open =
      idle.ended === end.number && (idle.sinceFrom === 'originator' || idle.brokenBy === 'originator');
    const unanswered = exchange.unanswered || open;
    const { unread } = facts;
    // Nothing announces how long such a response is, and it had not come to rest.
    const streaming =
      aborted !== null &&
      begun?.protocol === 'http-response' &&
      begun.contentLength < 0 &&
      end.time - exchange.responder.lastDataTime < STREAM_GAP;
    const coming = met !== null || streaming || (unread.known && unread.midTurn);
    if (!unanswered && lacks <= 0 && (lacks === 0 || !coming)) {
      return lacks === 0 && aborted !== null
        ? contradicted('application', 'the response was complete when the client ended the connection', [
            exchange.responder.lastDataNumber,
          ])
        : SILENT;
    }
    const asked = exchange.originator;
    const wait = end.time - asked.lastDataTime;
    const state = unanswered
      ? 'without having received a byte of the answer'
      : lacks > 0
        ? `with ${bytes(lacks)} of the response outstanding`
        : 'while the server was still sending';
    const because = [
      cite(
        'exchange',
        `the client ended the connection ${seconds(wait)} after its request, ${state}`,
        asked.lastDataNumber,
        end.number,
      ),
    ];
    if (late !== null && unanswered)
      because.push(
        cite(
          'closing',
          `the response came ${seconds(late.time - end.time)} after the client had closed`,
          end.number,
          late.number,
        ),
      );
    else if (met !== null && reset.known)
      because.push(
        cite(
          'trigger',
          `what the server went on sending (packet ${met.number}) met a client that had closed`,
          met.number,
          reset.packet.number,
        ),
      );
    const { neighbours } = facts;
    const alike = neighbours.known ? neighbours.samePatience : 1;
    if (alike >= 2)
      because.push(
        cite(
          'neighbours',
          `${alike} connections of this client ended after the same wait: its timeout`,
          end.number,
        ),
      );
    const { knownTimeout } = facts;
    const known = knownTimeout.known && unanswered ? matchesOf(knownTimeout, 'originator') : [];
    const measured = knownTimeout.known ? knownTimeout.measured.originator : wait;
    if (known.length > 0)
      because.push(
        cite('knownTimeout', `${seconds(measured)} is a known default of ${named(known)}`, end.number),
      );
    const { rtt } = facts;
    const roundTrip = rtt.known ? Math.max(rtt.originator, 0) + Math.max(rtt.responder, 0) : 0;
    const waited = (wait > Math.max(NO_PATIENCE, 2 * roundTrip) && !(streaming && !unanswered)) || lacks > 0;
    return supported(waited ? 'strong' : 'fair', because);
  },
  advice({ exchange, closing, endings, reset }) {
    const end = (endings.known ? endings.originator : null) ?? (reset.known ? reset.packet : null);
    const wait = exchange.known && end !== null ? end.time - exchange.originator.lastDataTime : -1;
    const late = closing.known ? closing.dataAfter[0] : undefined;
    const took =
      late !== undefined && exchange.known
        ? ` (here ${seconds(late.time - exchange.originator.lastDataTime)})`
        : '';
    return [
      {
        who: 'client',
        do: `Look for a timeout of ${wait >= 0 ? seconds(wait) : 'that length'} in the client: total and read timeouts (undici headersTimeout and bodyTimeout, axios timeout, Go Client.Timeout, requests timeout=, curl --max-time, nginx proxy_read_timeout), AbortController or a user’s cancel; raise it above what the slowest good answer takes${took}`,
      },
      {
        who: 'server',
        do: `Find out why the answer takes longer than ${wait >= 0 ? seconds(wait) : 'the client waits'}: the slow query log, a blocked worker, a queue in front; send headers or progress early, and stop the work when the client is gone (req.on("close"), context cancellation)`,
      },
    ];
  },
  scenario: 'client-cancel',
  examples: {
    match: [
      `# closed after ten seconds, the answer came after twelve
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /slow HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < .
+10.02 > F.
+10.04 < .
+12.00 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+12.00 > R passive`,
      `# aborted in the middle of a download
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /big HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < . "HTTP/1.1 200 OK\\r\\nContent-Length: 500000\\r\\n\\r\\n"
+0.042 < . len 1448
+0.042 > .
+0.043 < . len 1448
+0.043 > R.`,
    ],
    miss: [
      `# all there: harmless
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 > R.`,
      `# a half-closed client still reads
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.0\\r\\n\\r\\n"
+0.021 > F.
+0.041 < P. "HTTP/1.0 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 > .
+0.043 < R.`,
    ],
  },
});
