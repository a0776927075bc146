import type { FactOf } from '../evidence/define.ts';
import type synChallenge from '../evidence/handshake/syn-challenge.ts';
import { other, thousands, who } from '../evidence/packets.ts';
import type challengeAck from '../evidence/reset/challenge-ack.ts';
import { type Answer, type Citation, cite, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

type Challenge = Extract<FactOf<typeof challengeAck>, { known: true }>;

/** Where the RST stood, and what a stack makes of one there. */
function placed({ place, offset }: Challenge, sender: string, receiver: string): string {
  const where = `${thousands(Math.abs(offset))} ${offset < 0 ? 'behind' : 'beyond'} the number the ${receiver} was waiting for`;
  if (place === 'window')
    return `the RST in the ${sender}'s name lies ${where}: inside its window, where a stack asks back and does not obey`;
  if (place === 'outside')
    return `the RST in the ${sender}'s name lies ${where}: outside its window, where a stack drops it in silence`;
  return place === 'exact'
    ? `the RST in the ${sender}'s name stands where the ${receiver} would obey, so it did not arrive there or was thrown away (a filter, its checksum, its timestamp)`
    : `the ${receiver} did not obey the RST in the ${sender}'s name`;
}

/** A SYN into an open connection, RFC 5961 §4.2. */
function synInVain(fact: FactOf<typeof synChallenge>): Answer {
  if (!fact.known) return SILENT;
  const { syn, challenge, survived } = fact;
  const [own, peer] = survived;
  if (own === undefined || peer === undefined) return SILENT;
  return supported(
    'proof',
    [
      cite(
        'synChallenge',
        `a SYN with other numbers came into the open connection, and packet ${challenge.number} is the challenge ACK that answers it`,
        syn.number,
        challenge.number,
      ),
      cite(
        'synChallenge',
        `nobody confirmed it with a RST, and the old stream went on: packet ${own.number}, taken in by packet ${peer.number}`,
        own.number,
        peer.number,
      ),
    ],
    'undetermined',
  );
}

export default defineLegacyCause({
  id: 'blind-reset-ignored',
  taxonomy: 'P6B',
  family: 'harmless',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
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
    'A RST, or a SYN, came in the name of one end, and the connection went on as if it had not. ' +
    'Since RFC 5961 a stack obeys a RST only at exactly the sequence number that it waits for next, and a SYN into an open connection not at all. ' +
    'One elsewhere in its window it answers with a challenge ACK, which the true sender would answer with a fitting RST; one outside the window it drops. ' +
    'Who does not see the stream has to guess the number, so a RST that misses is a blind attempt, a box that lost count, or a stray from an earlier connection on the same ports. ' +
    'Tools that confuse content filters send such RSTs as well, from the very host whose address they carry. ' +
    'No harm was done: no program reads an error, and only the counter TCPChallengeACK tells of it. ' +
    'But where it is repeated somebody is trying, and on stacks older than RFC 5961 the same guess would have succeeded.',
  needs: ['reset', 'challengeAck', 'maker', 'synChallenge'],
  // Whatever else a RST may be taken for: one that nobody obeyed ended nothing.
  refines: [
    'injected-reset',
    'administrative-kill',
    'firewall-reject-mid-connection',
    'policy-reset',
    'middlebox-idle-reset-at-expiry',
    'middlebox-idle-reset-on-next-packet',
  ],
  examine({ reset, challengeAck, maker, synChallenge }) {
    if (!reset.known) return synInVain(synChallenge);
    if (!challengeAck.known) return SILENT;
    const { place, challenge, survived, unanswered, again } = challengeAck;
    if (again !== null) return SILENT;
    const { number } = reset.packet;
    const sender = who(reset.side);
    const receiver = who(other(reset.side));
    const because: Citation[] = [cite('challengeAck', placed(challengeAck, sender, receiver), number)];
    if (challenge !== null && place === 'window')
      because.push(
        cite(
          'challengeAck',
          `packet ${challenge.number} is the ${receiver}'s challenge ACK`,
          challenge.number,
        ),
      );
    const [own, peer] = survived;
    if (own !== undefined && peer !== undefined) {
      because.push(
        cite(
          'challengeAck',
          `both lived on: the ${sender} sent packet ${own.number}, the ${receiver} packet ${peer.number}`,
          own.number,
          peer.number,
        ),
      );
      if (maker.known)
        because.push(...maker.against.map(({ says, packets }) => cite('maker', says, ...packets)));
      // Outside the window it may be a left-over of the host itself; in it, its own tool's doing or a forgery.
      return supported(
        'proof',
        because,
        maker.known && maker.sender === 'middlebox' ? 'middlebox' : 'undetermined',
      );
    }
    if (place !== 'window' || challenge === null || !unanswered) return SILENT;
    because.push(
      cite(
        'challengeAck',
        `the ${sender} did not answer it with another RST, as a host that had reset would`,
        challenge.number,
      ),
    );
    return supported('fair', because, 'undetermined');
  },
  advice({ reset }) {
    const receiver = reset.known ? who(other(reset.side)) : 'server';
    const sender = reset.known ? who(reset.side) : 'client';
    return [
      {
        who: receiver,
        do: `Nothing is broken; watch TCPChallengeACK and TCPSYNChallenge (nstat -az) on the ${receiver}, and raise an alert when they climb: then somebody guesses at connections`,
      },
      {
        who: 'path',
        do: `Drop packets with forged source addresses where they enter (BCP 38, RFC 2827; rp_filter on Linux), and look whether a box between ${receiver} and ${sender} that tracks sequence numbers has lost count`,
      },
      {
        who: sender,
        do: 'For connections that live long between known hosts (BGP, databases) use TCP-AO (RFC 5925) or IPsec: then no stranger can reset them at all',
      },
    ];
  },
  scenario: 'forged-miss',
  examples: {
    match: [
      `# at the client: a guess inside the window, a challenge ACK, and life goes on
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
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
+0.000 > S
+0.040 < S.
+0.040 > .
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
      `# obeyed: the client falls silent, and answers what still comes with a RST of its own
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.060 < R. ttl 49 win 0 nots
+0.081 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+0.081 > R passive`,
      `# the server's own: its data was lost, so its RST lies ahead, and it answers the challenge with one that fits
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < .
+0.100 < R. seq 1449
+0.100 > .
+0.140 < R passive`,
    ],
  },
});
