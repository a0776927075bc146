import { seconds, thousands } from '../evidence/packets.ts';
import {
  type Answer,
  cite,
  contradicted,
  defineCause,
  type Handed,
  type KnownFacts,
  SILENT,
  supported,
} from './define.ts';

/** Half-open connections that are a flood rather than a few lost packets. */
const FLOOD = 16;

/** The SYN itself was dropped: the queue was full already when it came. */
function dropped({ unansweredSyn: silence, arrival }: Pick<KnownFacts, 'unansweredSyn' | 'arrival'>): Answer {
  if (silence === null) return SILENT;
  if (arrival !== null && arrival.clears !== null)
    return contradicted('arrival', arrival.clears, arrival.packets);
  const { syns, span, atServer, server } = silence;
  const because = [
    cite(
      'unansweredSyn',
      `${syns.length} SYNs in ${seconds(span)} met silence${atServer ? ', though they reached the server host' : ''}`,
      ...syns.slice(0, 4).map((p) => p.number),
    ),
  ];
  const answered = server?.established ?? 0;
  if (answered === 0) return supported(atServer ? 'fair' : 'weak', because);
  because.push(
    cite(
      'unansweredSyn',
      `the same address and port accepted ${thousands(answered)} other connection${answered === 1 ? '' : 's'}: the service is there, and takes some`,
      syns[0]!.number,
    ),
  );
  const flooded = server !== null && server.halfOpen >= FLOOD;
  return supported(atServer && !flooded ? 'strong' : 'fair', because);
}

/** The final ACK was dropped: the queue filled up between SYN-ACK and ACK. */
function ignored({ repeatedSynAck, handshake }: Handed<'handshake', 'repeatedSynAck'>): Answer {
  if (repeatedSynAck === null) return SILENT;
  const { ack, synAcks, data, atServer } = repeatedSynAck;
  const because = [
    cite(
      'handshake',
      'the handshake was complete for the client: SYN, SYN-ACK, ACK',
      handshake.syn.number,
      handshake.synAck!.number,
      ack.number,
    ),
    cite(
      'repeatedSynAck',
      `but the server sent its SYN-ACK ${synAcks.length === 1 ? 'once more' : `${synAcks.length} times more`}, over ${seconds(synAcks.at(-1)!.time - ack.time)}${atServer ? ', although the ACK had reached it' : ''}`,
      ack.number,
      ...synAcks.slice(0, 3).map((p) => p.number),
    ),
  ];
  if (data.length > 0)
    because.push(
      cite(
        'repeatedSynAck',
        `the client’s payload was sent ${data.length === 1 ? 'once' : `${data.length} times`} and never acknowledged`,
        ...data.slice(0, 3).map((p) => p.number),
      ),
    );
  return supported(synAcks.length >= 2 || atServer ? 'strong' : 'fair', because);
}

export default defineCause({
  id: 'accept-queue-overflow-drop',
  taxonomy: 'H3',
  family: 'no-reply',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Accept queue full: the kernel drops what would complete the connection',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_FLAGS'],
  counters: ['ListenOverflows', 'ListenDrops'],
  references: [
    'Linux net/ipv4/tcp_input.c tcp_conn_request (sk_acceptq_is_full)',
    'Linux net/ipv4/tcp_minisocks.c tcp_check_req',
    'Linux Documentation/networking/ip-sysctl.rst tcp_abort_on_overflow, somaxconn',
  ],
  explain:
    'The queue of connections that wait for accept() on the server was full, and the kernel dropped what came for it in silence: that is the default, the client is meant to try again. ' +
    'A new SYN is dropped and repeated after one second, two, four …; when the queue fills up just between SYN-ACK and ACK, the client believes to be connected while the server repeats its SYN-ACK and ignores the request. ' +
    'Nothing is reset until one side gives up; when the half-open connection expires on the server, the next repetition of the request is answered with a bare RST. ' +
    'The program accepts more slowly than clients arrive (a blocked event loop, too few workers, a pause for garbage collection), has no file descriptor left to accept with (EMFILE), or its backlog is small. ' +
    'Clients see connects that take one, three or seven seconds, then ETIMEDOUT, "connection timed out", UND_ERR_CONNECT_TIMEOUT or "Read timed out"; the server’s own log shows nothing at all.',
  requires: ['handshake', 'exchange'],
  mayUse: ['unansweredSyn', 'repeatedSynAck', 'endpoints', 'arrival'],
  refines: ['client-gave-up', 'peer-lost-state'],
  examine(facts) {
    const { unansweredSyn, repeatedSynAck, handshake, exchange, arrival } = facts;
    const synLost = dropped({ unansweredSyn, arrival });
    if (synLost.answer !== 'silent') return synLost;
    const ackLost = ignored({ repeatedSynAck, handshake });
    if (ackLost.answer !== 'silent') return ackLost;
    if (handshake.syns.length < 2 || exchange.responder.sent === 0) return SILENT;
    return contradicted('exchange', 'the server took the connection in and answered', [
      exchange.responder.lastDataNumber,
    ]);
  },
  advice({ unansweredSyn: silence, endpoints }) {
    const port = endpoints !== null ? endpoints.server.port : 'PORT';
    const missed = silence !== null ? (silence.server?.unanswered ?? 0) : 0;
    const many = missed > 1 ? ` (${thousands(missed)} attempts met silence here)` : '';
    return [
      {
        who: 'server',
        do: `Confirm it: ss -ltn 'sport = :${port}' shows Recv-Q at or above Send-Q while it happens, and nstat -az TcpExtListenOverflows grows${many}. Look for "too many open files" in the server’s log: then raise ulimit -n, or find the descriptors that leak`,
      },
      {
        who: 'server',
        do: 'Raise the backlog of the listening socket and net.core.somaxconn together (nginx "listen … backlog=", Node server.listen({ backlog }), gunicorn --backlog, Go takes somaxconn); the smaller of the two counts',
      },
      {
        who: 'server',
        do: 'Accept faster: more workers or SO_REUSEPORT listeners, no blocking work between accept() calls, and shed load with a quick error instead of a full queue',
      },
      {
        who: 'client',
        do: 'Keep connections open instead of opening one per request, and retry a connect that timed out with growing delay and jitter; no program has read the request',
      },
    ];
  },
  scenario: 'backlog-drop',
  examples: {
    match: [
      String.raw`# at the client: the SYN is dropped; another attempt had got through
server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > F.
+0.121 < F.
+0.121 > .
---
+1.000 > S
+2.030 > S seq 0
+3.050 > S seq 0`,
      String.raw`# at the client: connected, but the server did not take the ACK
server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.290 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" seq 1
+0.700 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" seq 1
+1.060 < S. seq 0
+1.060 > .
+1.500 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" seq 1
+3.080 < S. seq 0
+3.080 > .
+3.200 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" seq 1
+3.240 < R passive`,
      String.raw`# at the server: the SYN arrives and is not answered, though others are served
client ip 10.0.0.1 port 39000 ttl 57
server ip 10.0.0.2 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.042 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.082 > F.
+0.082 < F.
+0.122 > .
---
client port 40000
+1.000 > S
+2.030 > S seq 0
+3.050 > S seq 0`,
    ],
    miss: [
      String.raw`# reset at once: tcp_abort_on_overflow
server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.040 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.080 < R passive`,
      String.raw`# one SYN-ACK lost its ACK, the next was taken in
server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+1.040 < S. seq 0
+1.040 > .
+1.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+1.081 < .
+1.090 < R.`,
    ],
  },
});
