import { bytes, other, seconds, who } from '../evidence/packets.ts';
import { cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** A server that closes sooner than this after accepting has not waited for a request. */
const AT_ONCE = 0.05;

export default defineLegacyCause({
  id: 'write-after-close',
  taxonomy: 'D4',
  family: 'written-after-close',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'One side went on writing after the other had closed',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_DATA', 'SK_RST_REASON_TCP_TIMEWAIT_SOCKET'],
  counters: ['TCPAbortOnData', 'OutRsts'],
  references: [
    'RFC 9293 §3.10.7.4',
    'RFC 1122 §4.2.2.13',
    'Linux net/ipv4/tcp_input.c tcp_rcv_state_process',
  ],
  explain:
    'One side closed the connection with a FIN, and the other side sent payload afterwards. ' +
    'Whoever has closed cannot receive any more, so its kernel answers the late bytes with a bare RST whose sequence number is just past the FIN. ' +
    'The RST is not the fault but the report of it: the bytes were lost because they were written to a connection that the peer had given up. ' +
    'A program that does not read while it writes does not notice the FIN in time. ' +
    'Its first write succeeds; the next one fails with EPIPE, "broken pipe" or "write ECONNRESET", and a read gives end of file ("socket hang up", EOF, curl 52 or 55). ' +
    'If the FIN had not arrived yet when it wrote, it reads ECONNRESET instead.',
  needs: ['closing', 'reset', 'trigger', 'exchange', 'handshake'],
  refines: [],
  examine({ closing, reset, exchange }) {
    if (!closing.known) return SILENT;
    const { fin, side, finAcked, dataAfter } = closing;
    // At the writer's end of the path the bytes pass before the FIN arrives; the numbers tell that they crossed.
    const late = dataAfter[0] ?? closing.crossing ?? undefined;
    const name = who(side);
    const peer = who(other(side));
    const answer =
      reset.known && reset.side === side && reset.packet.number > fin.number ? reset.packet : null;
    if (late === undefined) {
      return answer !== null && !closing.bothBeforeReset
        ? contradicted('closing', `the ${peer} sent no payload after the ${name}'s FIN`, [fin.number])
        : SILENT;
    }
    const total = dataAfter.reduce((sum, p) => sum + p.length, 0);
    const crossed = dataAfter.length === 0;
    const closed = cite('closing', `the ${name} closed first, with a FIN`, fin.number);
    const wrote = cite(
      'closing',
      crossed
        ? `it crossed ${bytes(late.length)} of the ${peer} that do not acknowledge it`
        : `${seconds(late.time - fin.time)} later the ${peer} sent ${bytes(total)} more`,
      late.number,
    );
    if (
      answer !== null &&
      reset.known &&
      reset.shape === 'passive' &&
      answer.number > Math.max(late.number, fin.number)
    ) {
      const knew = finAcked !== null && finAcked.number <= late.number;
      const because = [
        closed,
        wrote,
        cite(
          'reset',
          `the ${name}'s kernel answered with a bare RST: nobody was left to read`,
          answer.number,
        ),
      ];
      if (knew)
        because.splice(
          1,
          0,
          cite(
            'closing',
            finAcked.number === late.number
              ? `the late bytes themselves acknowledge the FIN, so the ${peer}'s kernel knew`
              : `the ${peer}'s kernel acknowledged the FIN ${seconds(late.time - finAcked.time)} before it sent more`,
            finAcked.number,
          ),
        );
      return supported(knew ? 'proof' : 'strong', because, side);
    }
    // Without a RST: a half-close that still reads is legitimate, and a client's FIN often means just that.
    if (reset.known || crossed || closing.dataAfterAcked || side === 'originator' || !exchange.known)
      return SILENT;
    return supported('strong', [closed, wrote], side);
  },
  advice({ closing, exchange, handshake }) {
    const side = closing.known ? closing.side : 'responder';
    const late = closing.known ? closing.dataAfter[0] : undefined;
    const gap =
      closing.known && late !== undefined
        ? ` (here it wrote ${seconds(late.time - closing.fin.time)} after the FIN)`
        : '';
    const knew =
      !closing.known ||
      (closing.finAcked !== null && late !== undefined && closing.finAcked.number <= late.number);
    const sudden =
      closing.known &&
      side === 'responder' &&
      exchange.known &&
      exchange.responder.sent === 0 &&
      handshake.known &&
      handshake.ack !== null &&
      closing.fin.time - handshake.ack.time < AT_ONCE;
    return [
      {
        who: who(other(side)),
        do: knew
          ? `Treat end of file as the end: keep reading while writing, and stop when the peer closes${gap}; in Node handle "end" and do not set allowHalfOpen without need, in Python look for an empty recv(), in a pool drop connections that became readable`
          : `Expect that a connection can close while a write is on its way${gap}; reconnect and repeat what may be repeated`,
      },
      {
        who: who(side),
        do: sudden
          ? 'Find out why it closes as soon as it has accepted: connection limit, open files, access list, no healthy backend'
          : 'Announce the end before closing (Connection: close, GOAWAY, a goodbye message), or shut down only the sending direction and read until the peer has finished',
      },
    ];
  },
  scenario: 'write-after-close',
  examples: {
    match: [
      `server ip 10.0.0.2 port 5000 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 64
+0.041 < P. len 32
+0.042 > .
+0.043 < F.
+0.044 > .
+0.500 > P. len 64
+0.520 < R passive`,
    ],
    miss: [
      `# everything was said before the close
server ip 10.0.0.2 port 5000 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 64
+0.041 < P. len 32
+0.042 > .
+0.043 < F.
+0.063 > F.
+0.083 < R passive`,
      `# no FIN came first
server ip 10.0.0.2 port 5000 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 64
+0.041 < .
+0.500 > P. len 64
+0.520 < R.`,
    ],
  },
});
