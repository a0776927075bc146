import { seconds, thousands } from '../evidence/packets.ts';
import {
  type Answer,
  cite,
  contradicted,
  defineCause,
  type KnownFacts,
  SILENT,
  supported,
} from './define.ts';

/** Attempts never completed that are a flood, or a burst that acts like one. */
const FLOOD = 16;

/** Behind a cookie the server holds nothing, so it can repeat nothing: the client talks into the void. */
function lostBehindCookie({
  synCookie,
  repeatedSynAck,
  exchange,
  loss,
}: Pick<KnownFacts, 'synCookie' | 'repeatedSynAck' | 'exchange' | 'loss'>): Answer {
  if (synCookie === null || !synCookie.poor || repeatedSynAck !== null) return SILENT;
  if (exchange === null || loss === null || exchange.responder.sent > 0 || loss.unanswered.length < 2)
    return SILENT;
  if (loss.heardSince !== null || exchange.originator.unacked < exchange.originator.sent) return SILENT;
  return supported('fair', [
    cite(
      'synCookie',
      'the SYN-ACK takes up none of the options the client offered, as one that is a SYN cookie',
      synCookie.synAck.number,
    ),
    cite(
      'loss',
      `the client’s payload was repeated ${loss.unanswered.length} times over ${seconds(loss.span)}, and the server did not even repeat its SYN-ACK: behind a cookie it holds no connection`,
      ...loss.unanswered.slice(0, 3).map((p) => p.number),
    ),
  ]);
}

export default defineCause({
  id: 'syn-queue-overflow',
  taxonomy: 'H5',
  family: 'no-reply',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Queue of half-open connections full: SYN dropped, or answered with a cookie',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_FLAGS'],
  counters: ['TCPReqQFullDrop', 'TCPReqQFullDoCookies', 'SyncookiesSent', 'SyncookiesFailed', 'ListenDrops'],
  references: [
    'RFC 4987',
    'Linux net/ipv4/tcp_input.c tcp_conn_request, tcp_syn_flood_action',
    'Linux Documentation/networking/ip-sysctl.rst tcp_max_syn_backlog, tcp_syncookies',
  ],
  explain:
    'More SYNs reached the server than its queue of half-open connections holds: a flood with forged addresses, a burst of real clients, or clients whose answers are lost on the way. ' +
    'Without SYN cookies the kernel drops further SYNs and the clients repeat them; with cookies it answers and keeps no state at all. ' +
    'A cookie has no room for window scale and SACK unless timestamps carry them, so such connections can be slow for life. ' +
    'And when the accept queue is full as well, what comes after a cookie is dropped with nothing left to repeat the SYN-ACK. ' +
    'Clients see slow connects or timeouts (ETIMEDOUT, i/o timeout, curl 28); the server’s kernel log says "possible SYN flooding on port".',
  requires: [],
  mayUse: ['unansweredSyn', 'synCookie', 'repeatedSynAck', 'exchange', 'loss', 'endpoints', 'arrival'],
  refines: [],
  examine(facts) {
    const { unansweredSyn: silence, synCookie, repeatedSynAck, exchange, loss, arrival } = facts;
    if (silence === null) return lostBehindCookie({ synCookie, repeatedSynAck, exchange, loss });
    if (arrival !== null && arrival.clears !== null)
      return contradicted('arrival', arrival.clears, arrival.packets);
    const { syns, span, atServer, server } = silence;
    const because = [
      cite(
        'unansweredSyn',
        `${syns.length} SYNs in ${seconds(span)} met silence`,
        ...syns.slice(0, 4).map((p) => p.number),
      ),
    ];
    if (server !== null && server.halfOpen >= FLOOD) {
      because.push(
        cite(
          'unansweredSyn',
          `${thousands(server.halfOpen)} other attempts at the same port got a SYN-ACK and were never completed: they fill the queue`,
          syns[0]!.number,
        ),
      );
      return supported(atServer ? 'strong' : 'fair', because);
    }
    return supported('weak', because);
  },
  advice({ unansweredSyn: silence, endpoints }) {
    const port = endpoints !== null ? endpoints.server.port : 'PORT';
    const open = silence !== null ? (silence.server?.halfOpen ?? 0) : 0;
    const many = open > 1 ? ` (${thousands(open)} never completed here)` : '';
    return [
      {
        who: 'server',
        do: `Confirm it: ss -nt state syn-recv 'sport = :${port}' | wc -l against net.ipv4.tcp_max_syn_backlog${many}, "possible SYN flooding" in dmesg, and the deltas of TCPReqQFullDrop and SyncookiesSent (nstat -az)`,
      },
      {
        who: 'server',
        do: 'Keep net.ipv4.tcp_syncookies=1, raise net.ipv4.tcp_max_syn_backlog and net.core.somaxconn together with the listener’s backlog, and leave TCP timestamps on so that cookies keep window scale and SACK',
      },
      {
        who: 'path',
        do: 'Filter a flood before it reaches the host: the provider’s protection, a balancer or firewall with SYN proxy, rate limits per source',
      },
      {
        who: 'client',
        do: 'Open connections at a steady pace instead of all at once (a pool with limits, jitter after a restart), and retry timed-out connects with growing delay',
      },
    ];
  },
  scenario: 'syn-flood',
  examples: {
    match: [
      String.raw`# at the client, which offers no timestamps: a SYN-ACK without its options, then nothing
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S nots
+0.040 < S. nots mssonly
+0.040 > . nots
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" nots
+0.290 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" seq 1 nots
+0.700 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" seq 1 nots
+1.500 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" seq 1 nots`,
      `# at the server: a burst of SYNs that nobody completes, then one that is dropped
client ip 10.0.1.1 port 1001 ttl 50
server ip 10.0.0.2 port 8080 ttl 64
${Array.from({ length: 16 }, (_, i) => `+0.${100 + i} > S\n+0.${100 + i} < S.`).join('\n---\n')}
---
client ip 10.0.0.1 port 40000 ttl 57
+1.000 > S
+2.030 > S seq 0
+4.050 > S seq 0`,
    ],
    miss: [
      String.raw`# the same loss behind an ordinary SYN-ACK
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S nots
+0.040 < S. nots
+0.040 > . nots
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" nots
+0.290 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" seq 1 nots
+0.700 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" seq 1 nots`,
      String.raw`# a cookie that worked
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S nots
+0.040 < S. nots mssonly
+0.040 > . nots
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" nots
+0.081 < . nots
+0.200 < R. nots`,
    ],
  },
});
