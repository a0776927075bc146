import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { bytes, seconds } from '../evidence/packets.ts';
import { type Answer, cite, contradicted, type Facts, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** A FIN that was lost on the way leaves only what it brought about; the packets cannot tell that from a host that forgot. */
function finLost({
  reset,
  idle,
  exchange,
  maker,
}: Pick<Facts, 'reset' | 'idle' | 'exchange' | 'maker'>): Answer {
  if (!reset.known || reset.side !== 'responder' || reset.shape !== 'passive') return SILENT;
  if (!idle.known || !idle.silent || idle.parting || idle.brokenBy !== 'originator') return SILENT;
  if (!exchange.known || exchange.responses === 0) return SILENT;
  if (maker.known && (maker.middlebox === 'likely' || maker.middlebox === 'proven')) return SILENT;
  return supported('weak', [
    cite(
      'idle',
      `the first request after ${seconds(idle.gap)} of silence was answered by a RST: had the server closed meanwhile and its FIN been lost on the way, it would be just so`,
      idle.since,
      reset.packet.number,
    ),
  ]);
}

export default defineLegacyCause({
  id: 'keep-alive-race-crossing',
  taxonomy: 'I1',
  family: 'keep-alive-race',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Keep-alive race: the request crossed the server’s FIN on the way',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_DATA', 'SK_RST_REASON_TCP_TIMEWAIT_SOCKET'],
  counters: ['TCPAbortOnData', 'OutRsts'],
  references: [
    'RFC 9112 §9.3.1 (a connection may be closed while a request is on its way) and §9.5',
    'RFC 9293 §3.10.7.4',
    'nodejs/node#20256',
  ],
  explain:
    'A connection had answered its last request and was kept open. ' +
    'When the server’s idle timeout ran out it closed with a FIN, and in that very moment the client sent its next request. ' +
    'The two passed each other on the way: the FIN does not acknowledge the request and the request does not acknowledge the FIN, so neither side could have known. ' +
    'The server’s kernel no longer has anybody to give the request to and answers it with a RST. ' +
    'The request was never handed to the server application, so repeating it is safe. ' +
    'The client sees "read ECONNRESET" or, when the FIN is read first, "socket hang up", "other side closed", NoHttpResponseException or RemoteDisconnected; a proxy in the place of the client reports 502.',
  needs: ['closing', 'exchange', 'idle', 'knownTimeout', 'reset', 'neighbours', 'finDelivery', 'maker'],
  refines: ['write-after-close'],
  examine(facts) {
    const { closing, exchange, idle, reset } = facts;
    if (!closing.known) return finLost(facts);
    if (closing.side !== 'responder' || !exchange.known || exchange.responses === 0) return SILENT;
    const { fin, crossing } = closing;
    if (
      reset.known &&
      (reset.side !== 'responder' || reset.packet.number < fin.number || reset.shape === 'active')
    )
      return SILENT;
    const [late] = closing.dataAfter;
    if (crossing === null) {
      return late === undefined
        ? SILENT
        : contradicted(
            'closing',
            `the request in packet ${late.number} acknowledges the FIN: it had arrived before`,
            [fin.number, late.number],
          );
    }
    const { finDelivery } = facts;
    if (finDelivery.known && finDelivery.course === 'lost')
      return contradicted('finDelivery', finDelivery.says, finDelivery.packets);
    if (!idle.known || !idle.silent || idle.parting || idle.brokenBy === 'responder') return SILENT;
    const because = [
      cite(
        'closing',
        `the server’s FIN acknowledges nothing of the ${bytes(crossing.length)} in packet ${crossing.number}, and these do not acknowledge the FIN: they passed each other`,
        fin.number,
        crossing.number,
      ),
      cite(
        'idle',
        `the connection had been idle for ${seconds(idle.timer)} when the server closed it`,
        idle.since,
        fin.number,
      ),
    ];
    // One that came a moment before had not been taken in: the request does not acknowledge it.
    if (finDelivery.known && finDelivery.course === 'later')
      because.push(cite('finDelivery', finDelivery.says, ...finDelivery.packets));
    if (reset.known)
      because.push(cite('reset', 'the server’s kernel answered the request with a RST', reset.packet.number));
    const { knownTimeout } = facts;
    const servers = knownTimeout.known ? matchesOf(knownTimeout, 'responder') : [];
    if (servers.length > 0)
      because.push(
        cite('knownTimeout', `${seconds(idle.timer)} is a known default of ${named(servers)}`, fin.number),
      );
    const { neighbours } = facts;
    if (neighbours.known && neighbours.sameSilence > 1)
      because.push(
        cite(
          'neighbours',
          `${neighbours.sameSilence} connections to this server ended after the same silence`,
          fin.number,
        ),
      );
    return supported('proof', because);
  },
  advice({ idle }) {
    const timer = idle.known ? seconds(idle.timer) : 'T';
    return [
      {
        who: 'client',
        do: `Let idle connections go before the server does: a pool idle timeout clearly below ${timer}, say by a second or a fifth (undici keepAliveTimeout, agentkeepalive freeSocketTimeout, Go IdleConnTimeout, HttpClient evictIdleConnections, nginx upstream keepalive_timeout)`,
      },
      {
        who: 'client',
        do: 'Retry such a request once on a new connection when it is idempotent: the FIN does not acknowledge it, so the application never saw it',
      },
      {
        who: 'server',
        do: `Raise the keep-alive timeout from ${timer} above that of every client and balancer in front (Node server.keepAliveTimeout with headersTimeout above it, nginx keepalive_timeout, gunicorn --keep-alive; behind an AWS ALB above 60 s, behind a Google balancer above 600 s), and announce it in Keep-Alive: timeout=`,
      },
    ];
  },
  scenario: 'keepalive-race-crossing',
  examples: {
    match: [
      `# at the client: the request leaves 8 ms before the FIN arrives
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.041 > .
+5.041 > P. "GET /b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+5.049 < F. ack 29
+5.049 > .
+5.061 < R passive seq 39`,
      `# at the server: the request arrives after the FIN has left
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.022 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.042 > .
+5.022 < F.
+5.030 > P. "GET /b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" ack 39
+5.030 < R passive`,
    ],
    miss: [
      `# the client had the FIN for a second
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.041 > .
+5.041 < F.
+5.041 > .
+6.041 > P. "GET /b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+6.061 < R passive`,
    ],
  },
});
