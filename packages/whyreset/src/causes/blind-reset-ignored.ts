import { other, thousands, who } from '../evidence/packets.ts';
import {
  type Citation,
  cite,
  defineCause,
  type KnownFacts,
  SILENT,
  type Supported,
  supported,
} from './define.ts';

const says = {
  window: (where: string, sender: string) =>
    `the RST with the ${sender}’s address lies ${where}: inside the receiver’s window, where a stack sends a challenge ACK and does not obey`,
  outside: (where: string, sender: string) =>
    `the RST with the ${sender}’s address lies ${where}: outside the receiver’s window, where a stack drops it`,
  exact: (sender: string, receiver: string) =>
    `the RST with the ${sender}’s address stands where the ${receiver} would obey, so it did not arrive or was dropped (a filter, its checksum, its timestamp)`,
  ignored: (sender: string, receiver: string) =>
    `the ${receiver} ignored the RST with the ${sender}’s address`,
  challenge: (number: number, receiver: string) => `packet ${number} is the ${receiver}’s challenge ACK`,
  wentOn: (sender: string, own: number, receiver: string, peer: number) =>
    `both sides went on: the ${sender} sent packet ${own}, the ${receiver} packet ${peer}`,
  unconfirmed: (sender: string) =>
    `the ${sender} did not answer it with another RST, as a host that had reset does`,
  syn: (challenge: number) =>
    `a SYN with other sequence numbers came into the open connection, and packet ${challenge} is the challenge ACK that answers it`,
  streamOn: (own: number, peer: number) =>
    `no RST confirmed it, and the old stream went on: packet ${own}, acknowledged by packet ${peer}`,
};

/** Where the RST stood, and what a stack does with one there. */
function place(
  { place: at, offset }: NonNullable<KnownFacts['challengeAck']>,
  sender: string,
  receiver: string,
): string {
  const where = `${thousands(Math.abs(offset))} ${offset < 0 ? 'behind' : 'beyond'} the number the ${receiver} waited for`;
  if (at === 'window') return says.window(where, sender);
  if (at === 'outside') return says.outside(where, sender);
  return at === 'exact' ? says.exact(sender, receiver) : says.ignored(sender, receiver);
}

/** A SYN into an open connection, RFC 5961 §4.2. */
function ignoredSyn({ syn, challenge, survived }: NonNullable<KnownFacts['synChallenge']>): Supported | null {
  const [own, peer] = survived;
  if (own === undefined || peer === undefined) return null;
  return supported(
    'proof',
    [
      cite('synChallenge', says.syn(challenge.number), syn.number, challenge.number),
      cite('synChallenge', says.streamOn(own.number, peer.number), own.number, peer.number),
    ],
    'undetermined',
  );
}

export default defineCause({
  id: 'blind-reset-ignored',
  taxonomy: 'P6B',
  family: 'harmless',
  baseRate: { is: 'rare', source: 'RFC 5961 §1; strays of old connections are more frequent' },
  title: 'Forged or stray reset that its receiver did not obey',
  resetBy: 'path',
  benign: true,
  inVain: true,
  kernelReasons: [],
  counters: ['TCPChallengeACK', 'TCPACKSkippedChallenge'],
  references: [
    'RFC 5961 §3.2 (blind reset attack) and §4.2 (SYN in an open connection)',
    'Linux net/ipv4/tcp_input.c tcp_validate_incoming, tcp_send_challenge_ack',
  ],
  explain:
    'A RST, or a SYN, came with the address of one end, and the connection went on. ' +
    'Since RFC 5961 a stack obeys a RST only at exactly the sequence number that it waits for next, and a SYN into an open connection not at all. ' +
    'One elsewhere in its window it answers with a challenge ACK, which the true sender would answer with a fitting RST; one outside the window it drops. ' +
    'A sender that does not see the stream has to guess the number, so a RST that misses is a blind attempt, a box that lost count, or a stray from an earlier connection on the same ports. ' +
    'Tools that confuse content filters send such RSTs as well, from the very host whose address they carry. ' +
    'No harm was done: no program reads an error, and only the counter TCPChallengeACK shows it. ' +
    'Where it is repeated an attacker is guessing, and on stacks older than RFC 5961 the same guess would have succeeded.',
  // A RST that the receiver ignored ended nothing, whatever else it looks like.
  refines: [
    'injected-reset',
    'administrative-kill',
    'firewall-reject-mid-connection',
    'policy-reset',
    'middlebox-idle-reset-at-expiry',
    'middlebox-idle-reset-on-next-packet',
  ],
  requires: [],
  mayUse: ['reset', 'challengeAck', 'synChallenge', 'maker'],
  examine({ reset, challengeAck, synChallenge, maker }) {
    if (reset === null) return (synChallenge === null ? null : ignoredSyn(synChallenge)) ?? SILENT;
    if (challengeAck === null || challengeAck.again !== null) return SILENT;
    const { place: at, challenge, survived, unanswered } = challengeAck;
    const { number } = reset.packet;
    const sender = who(reset.side);
    const receiver = who(other(reset.side));
    const because: Citation[] = [cite('challengeAck', place(challengeAck, sender, receiver), number)];
    if (challenge !== null && at === 'window')
      because.push(cite('challengeAck', says.challenge(challenge.number, receiver), challenge.number));
    const [own, peer] = survived;
    if (own !== undefined && peer !== undefined) {
      because.push(
        cite('challengeAck', says.wentOn(sender, own.number, receiver, peer.number), own.number, peer.number),
      );
      for (const sign of maker?.against ?? []) because.push(cite('maker', sign.says, ...sign.packets));
      // Outside the window it may be a left-over of the host itself; in it, a tool of its own, or a forgery.
      return supported('proof', because, maker?.sender === 'middlebox' ? 'middlebox' : 'undetermined');
    }
    if (at !== 'window' || challenge === null || !unanswered) return SILENT;
    because.push(cite('challengeAck', says.unconfirmed(sender), challenge.number));
    return supported('fair', because, 'undetermined');
  },
  advice({ reset }) {
    const receiver = who(other(reset?.side ?? 'originator'));
    return [
      {
        who: receiver,
        do: `Nothing is broken; watch TCPChallengeACK and TCPSYNChallenge (nstat -az) on the ${receiver}, and raise an alert when they climb`,
      },
      {
        who: 'path',
        do: 'Drop packets with forged source addresses where they enter (BCP 38, RFC 2827; rp_filter on Linux), and check boxes that track sequence numbers',
      },
    ];
  },
  scenario: 'forged-miss',
  examples: {
    match: [
      `# at the client: a guess inside the window, a challenge ACK, and life goes on
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+2.000 < R seq 5000 win 0 nots id 4660 ttl 49
+2.000 > .
+3.000 > P. len 60
+3.040 < P. len 90
+3.040 > .`,
      `# at the server: outside the window, dropped in silence
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 5432 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 > P. len 60
+0.042 < P. len 90
+0.082 > .
+2.000 > R seq 3000000 win 0 nots id 4660 ttl 49
+3.000 > P. len 60
+3.001 < P. len 90
+3.041 > .`,
      `# a SYN into the open connection (RFC 5961 §4.2): a challenge ACK, and the old stream goes on
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+2.000 > S seq 900000 ttl 49 id 4660
+2.040 < . seq 91 ack 61
+3.000 > P. len 60 seq 61 ack 91
+3.040 < P. len 90 seq 91 ack 121
+3.040 > . seq 121 ack 181`,
    ],
    miss: [
      String.raw`# obeyed: the client falls silent, and answers what still comes with a RST of its own
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.060 < R. ttl 49 win 0 nots
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > R passive`,
      String.raw`# the server's own: its data was lost, so its RST lies ahead, and it answers the challenge with one that fits
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < .
+0.100 < R. seq 1449
+0.100 > .
+0.140 < R passive`,
    ],
  },
});
