import { seconds, who } from '../evidence/packets.ts';
import { RESTART, SHORTEST_LIMIT } from '../evidence/thresholds.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  unknown: (name: string, packet: number) =>
    `the ${name}’s stack answered packet ${packet} as one of no connection, as it does after a close whose FIN or RST was lost on the way or never sent`,
  timer: (name: string, gap: number) =>
    `the ${name} had been silent for ${seconds(gap)}: long enough for a timeout of a program, too short for a restart of its host`,
  announced: 'the last answer says `Connection: close`, and no FIN followed here',
};

export default defineCause({
  id: 'close-not-seen',
  taxonomy: 'I13',
  family: 'state-lost',
  baseRate: { is: 'occasional', source: 'estimate: a close is common, the loss of its FIN is not' },
  title: 'Host had closed the connection, and its FIN or RST never arrived',
  resetBy: 'either',
  benign: false,
  kernelReasons: [
    'SK_RST_REASON_TCP_ABORT_ON_DATA',
    'SK_RST_REASON_NO_SOCKET',
    'SK_RST_REASON_TCP_FLAGS',
    'SK_RST_REASON_TCP_TIMEWAIT_SOCKET',
  ],
  counters: ['TCPAbortOnData', 'OutRsts'],
  references: [
    'RFC 9293 §3.10.7.1 and §3.10.7.4',
    'RFC 6298 (a lost FIN is repeated after a timeout of at least 0.2 s on Linux)',
    'Linux net/ipv4/tcp_timer.c tcp_write_err (a socket that gives up sends no packet)',
  ],
  explain:
    'One side had closed the connection, or had given it up, and the other side never received the FIN or RST. ' +
    'The packet was lost, a box that had already forgotten the connection dropped it, or none was sent: a socket whose packets go unanswered times out in silence. ' +
    'The next packet of the other side reaches a host that has no such connection, and its kernel answers with a bare RST. ' +
    'Here that looks exactly as if the host had restarted. ' +
    'A capture at that host tells the two apart: it holds the FIN. ' +
    'The side that spoke reads ECONNRESET, "connection reset by peer"; no program has read what it sent.',
  refines: [],
  requires: ['noConnection'],
  mayUse: ['application', 'earlierReset', 'idle', 'maker'],
  examine({ noConnection, application, earlierReset, maker }) {
    const { side, trigger, reset, tookPart, absence, accepted, laterFin } = noConnection;
    if (!tookPart) return SILENT;
    const name = who(side);
    // The FIN is there: it was overtaken, not lost.
    if (laterFin > 0) return SILENT;
    if (maker?.madeOutsideStack === 'likely' || maker?.madeOutsideStack === 'proven') return SILENT;
    const ownStack = maker?.madeOutsideStack === 'unlikely' && !maker.against.some(({ heavy }) => heavy);
    const because = [cite('noConnection', says.unknown(name, trigger.number), trigger.number, reset.number)];
    const answer = application?.lastResponse ?? null;
    if (side === 'responder' && answer?.protocol === 'http-response' && answer.close && ownStack)
      return supported('strong', [...because, cite('application', says.announced, answer.number)], side);
    if (absence < SHORTEST_LIMIT) return supported('weak', because, side);
    // Where a RST that is not in this capture fits, the host had not closed of its own accord.
    const timed = ownStack && absence < RESTART && accepted < 0 && earlierReset?.inUse !== true;
    if (!timed) return supported('weak', because, side);
    return supported(
      'fair',
      [...because, cite('noConnection', says.timer(name, absence), trigger.number)],
      side,
    );
  },
  advice({ noConnection, idle }) {
    const side = who(noConnection?.side ?? 'responder');
    const below = idle?.silent ? `below ${seconds(idle.gap)}` : 'below the timeout of the server';
    return [
      {
        who: side,
        do: `Capture at the ${side} too: its FIN or RST, if it sent one, is in that capture, and says when and why it closed`,
      },
      {
        who: 'client',
        do: `Close idle connections earlier than the ${side} does, ${below}: then no close of the ${side} can be lost`,
      },
    ];
  },
  scenario: 'keepalive-race-fin-lost',
  examples: {
    match: [
      String.raw`# idle for 5 s, and the FIN was lost
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > .
+5.100 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+5.140 < R passive`,
      String.raw`# the server had announced the end
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
+0.081 > .
+0.200 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.240 < R passive`,
    ],
    miss: [
      String.raw`# the FIN arrived
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > .
+5.000 < F.
+5.000 > .
+5.100 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+5.140 < R passive`,
      String.raw`# a program that refuses what it was sent
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < R.`,
    ],
  },
});
