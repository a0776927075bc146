import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { bytes, seconds } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

export default defineLegacyCause({
  id: 'stale-pool-reuse',
  taxonomy: 'I3',
  family: 'keep-alive-race',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Request on a pooled connection that the server had already closed',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_TIMEWAIT_SOCKET', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['OutRsts'],
  references: ['RFC 9112 §9.5', 'RFC 9293 §3.6', 'psf/requests#4664', 'nodejs/undici#5450'],
  explain:
    'The server closed an idle connection with a FIN, and the client’s kernel acknowledged that FIN. ' +
    'The client program did not look: its pool took the connection for alive and sent a request on it all the same. ' +
    'Either its event loop or thread was busy and had not come round to reading the end of the stream, or the pool does not check a connection before it uses it. ' +
    'The server’s kernel answers with a RST, because nobody is there any more. ' +
    'As the FIN was delivered first, the program mostly reads an end of stream, not a reset: "socket hang up", "other side closed", "server closed idle connection", RemoteDisconnected, NoHttpResponseException, and EPIPE on a second write. ' +
    'The request never reached an application and may be repeated.',
  needs: ['closing', 'exchange', 'idle', 'knownTimeout', 'reset', 'finDelivery'],
  refines: ['write-after-close'],
  examine(facts) {
    const { closing, exchange, idle, reset } = facts;
    if (!closing.known || closing.side !== 'responder' || !exchange.known || exchange.responses === 0)
      return SILENT;
    const { fin, finAcked, dataAfter, crossing } = closing;
    const [request] = dataAfter;
    const { finDelivery } = facts;
    if (finDelivery.known && finDelivery.course === 'lost')
      return contradicted('finDelivery', finDelivery.says, finDelivery.packets);
    if (crossing !== null) {
      return contradicted(
        'closing',
        `the request in packet ${crossing.number} does not acknowledge the FIN: the client could not know of it`,
        [crossing.number, fin.number],
      );
    }
    if (request === undefined || finAcked === null || closing.dataAfterAcked) return SILENT;
    if (
      reset.known &&
      (reset.side !== 'responder' || reset.packet.number < fin.number || reset.shape === 'active')
    )
      return SILENT;
    if (!idle.known || !idle.silent || idle.parting || idle.brokenBy !== 'fin') return SILENT;
    const told =
      finAcked.number === request.number
        ? `packet ${request.number} carries the request and acknowledges the FIN that came ${seconds(request.time - fin.time)} before`
        : `the client’s kernel acknowledged the FIN in packet ${finAcked.number}, ${seconds(request.time - finAcked.time)} before it sent the request`;
    const because = [
      cite('closing', told, fin.number, finAcked.number, request.number),
      cite('idle', `the server had closed after ${seconds(idle.timer)} of silence`, idle.since, fin.number),
    ];
    if (finDelivery.known && finDelivery.course === 'before')
      because.push(cite('finDelivery', finDelivery.says, ...finDelivery.packets));
    if (reset.known)
      because.push(
        cite(
          'reset',
          `the ${bytes(request.length)} were answered with a RST`,
          request.number,
          reset.packet.number,
        ),
      );
    const { knownTimeout } = facts;
    const servers = knownTimeout.known ? matchesOf(knownTimeout, 'responder') : [];
    if (servers.length > 0)
      because.push(
        cite('knownTimeout', `${seconds(idle.timer)} is a known default of ${named(servers)}`, fin.number),
      );
    return supported('proof', because);
  },
  advice({ closing, idle }) {
    const timer = idle.known ? seconds(idle.timer) : 'T';
    const request = closing.known ? closing.dataAfter[0] : undefined;
    const late = closing.known && request !== undefined ? request.time - closing.fin.time : -1;
    return [
      {
        who: 'client',
        do: `Drop idle connections before the server does: a pool idle timeout clearly below ${timer} (undici keepAliveTimeout, agentkeepalive freeSocketTimeout, Go IdleConnTimeout, HttpClient evictIdleConnections, aiohttp keepalive_timeout, nginx upstream keepalive_timeout)`,
      },
      {
        who: 'client',
        do:
          late >= 0
            ? `Find out why the program had not noticed the FIN after ${seconds(late)}: a blocked event loop (monitorEventLoopDelay in Node), a paused process, or a pool that does not test before use (HttpClient setValidateAfterInactivity, pool_pre_ping in SQLAlchemy, testOnBorrow)`
            : 'Let the pool test a connection before it uses it (HttpClient setValidateAfterInactivity, pool_pre_ping in SQLAlchemy, testOnBorrow)',
      },
      {
        who: 'server',
        do: `Raise the keep-alive timeout above ${timer} and above what clients and balancers keep, and announce it in Keep-Alive: timeout=`,
      },
    ];
  },
  scenario: 'keepalive-race-stalled-client',
  examples: {
    match: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.041 > .
+5.041 < F.
+5.082 > .
+5.600 > P. "GET /b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+5.620 < R passive`,
    ],
    miss: [
      `# crossing: the request does not acknowledge the FIN
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
      `# a goodbye of TLS harms nobody
server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\\x16\\x03\\x01\\x00\\x2e\\x01\\x00\\x00\\x2a\\x03\\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < P. "\\x16\\x03\\x03\\x00\\x2e\\x02\\x00\\x00\\x2a\\x03\\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.041 > .
+5.041 < F.
+5.082 > .
+5.600 > P. "\\x15\\x03\\x03\\x00\\x1aaaaaaaaaaaaaaaaaaaaaaaaaaa"
+5.620 < R passive`,
    ],
  },
});
