import { bytes, other, seconds, who } from '../evidence/packets.ts';
import { GOODBYE_MOST } from '../evidence/thresholds.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  closed: (name: string) => `the ${name} closed first, with a FIN`,
  knewByData: (peer: string) =>
    `the late bytes themselves acknowledge the FIN, so the ${peer}’s kernel had it`,
  knew: (peer: string, before: number) =>
    `the ${peer}’s kernel acknowledged the FIN ${seconds(before)} before it sent more`,
  crossed: (length: number, peer: string) =>
    `it crossed ${bytes(length)} of the ${peer} that do not acknowledge it`,
  wrote: (after: number, peer: string, total: number) =>
    `${seconds(after)} later the ${peer} sent ${bytes(total)} more`,
  reset: (name: string) =>
    `the ${name}’s kernel answered with a bare RST: no program reads the connection any more`,
};

export default defineCause({
  id: 'write-after-close',
  taxonomy: 'D4',
  family: 'written-after-close',
  baseRate: { is: 'common', source: 'the RST of every close that the other side had not noticed' },
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
    'A side whose program has closed cannot receive any more, so its kernel answers the late bytes with a bare RST whose sequence number is just past the FIN. ' +
    'The RST is not the fault but the report of it: the bytes were lost because they were written to a connection that the peer had closed. ' +
    'Why the peer had closed is a question of its own. ' +
    'A program that does not read while it writes does not notice the FIN in time. ' +
    'Its first write succeeds; the next one fails with EPIPE, "broken pipe" or "write ECONNRESET", and a read gives end of file ("socket hang up", EOF, curl 52 or 55). ' +
    'If the FIN had not arrived yet when it wrote, it reads ECONNRESET instead.',
  refines: [],
  requires: ['closing'],
  mayUse: ['reset', 'overtaken', 'goodbye', 'spokenReason'],
  examine({ closing, reset, overtaken, goodbye, spokenReason }) {
    const { fin, side, finAcked, dataAfter, dataAfterAcked } = closing;
    // At the writer's end of the path the bytes pass before the FIN arrives; the numbers tell that they crossed.
    const late = dataAfter[0] ?? closing.crossing;
    if (late === null || late === undefined) return SILENT;
    // The answer to a goodbye is a courtesy: nothing is lost where the side that said it does not read that.
    const total = dataAfter.length === 0 ? late.length : dataAfter.reduce((sum, p) => sum + p.length, 0);
    if (goodbye?.side === side && total <= GOODBYE_MOST) return SILENT;
    const name = who(side);
    const peer = who(other(side));
    const crossed = dataAfter.length === 0;
    const words = spokenReason?.side === side && spokenReason.class !== 'goodbye' ? spokenReason : null;
    const closed = cite('closing', says.closed(name), fin.number);
    const wrote = cite(
      'closing',
      crossed ? says.crossed(late.length, peer) : says.wrote(late.time - fin.time, peer, total),
      late.number,
    );
    const answered =
      reset?.side === side &&
      reset.shape === 'passive' &&
      reset.packet.number > late.number &&
      (reset.packet.number > fin.number || overtaken?.fin?.number === fin.number);
    if (!answered) {
      // Without a RST: a half-close that still reads is legitimate, and a client's FIN often means just that.
      const halfClose = dataAfterAcked || side === 'originator';
      return reset !== null || crossed || halfClose ? SILENT : supported('strong', [closed, wrote], side);
    }
    const knew = finAcked !== null && finAcked.number <= late.number ? finAcked : null;
    const because = [closed];
    if (words !== null) because.push(cite('spokenReason', words.says, words.number));
    if (knew !== null)
      because.push(
        cite(
          'closing',
          knew.number === late.number ? says.knewByData(peer) : says.knew(peer, late.time - knew.time),
          knew.number,
        ),
      );
    because.push(wrote, cite('reset', says.reset(name), reset.packet.number));
    return supported(knew === null ? 'strong' : 'proof', because, side);
  },
  headline: ({ closing, spokenReason }) =>
    closing === null || spokenReason?.side !== closing.side || spokenReason.class === 'goodbye'
      ? null
      : `The ${who(closing.side)} closed the connection and said why (${spokenReason.quote}), and the ${who(other(closing.side))} went on sending`,
  scenario: 'write-after-close',
  examples: {
    match: [
      `server ip 10.0.0.2 port 5000 ttl 57
handshake 20ms
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
handshake 20ms
+0.021 > P. len 64
+0.041 < P. len 32
+0.042 > .
+0.043 < F.
+0.063 > F.
+0.083 < R passive`,
      `# no FIN came first
server ip 10.0.0.2 port 5000 ttl 57
handshake 20ms
+0.021 > P. len 64
+0.041 < .
+0.500 > P. len 64
+0.520 < R.`,
    ],
  },
});
