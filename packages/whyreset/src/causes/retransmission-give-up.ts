import type { IcmpError } from '../connection/connection.ts';
import { bytes, other, seconds, who } from '../evidence/packets.ts';
import {
  type Answer,
  type Citation,
  cite,
  defineCause,
  type KnownFacts,
  SILENT,
  supported,
} from './define.ts';

/** Fewer repetitions over a shorter time are a moment of loss, seconds. */
const FEW = { repetitions: 3, span: 1 };
/** So many over so long are a sender that hears nothing. */
const MANY = { repetitions: 4, span: 3 };
/** Silences this long are a box's idle timeout before they are anything else, seconds. */
const IDLE_TIMEOUT = 30;

/** Codes by which a router says that the destination does not answer to it or cannot be reached (RFC 792, RFC 4443 §3.1). */
const UNREACHABLE: Record<string, string> = {
  '3/0': 'network unreachable',
  '3/1': 'host unreachable',
  '3/6': 'network unknown',
  '3/7': 'host unknown',
  '1/0': 'no route to the destination',
  '1/3': 'address unreachable',
};

const meaning = (e: IcmpError) => UNREACHABLE[`${e.type}/${e.code}`];

function unreachable({ icmp }: Pick<KnownFacts, 'icmp'>): IcmpError | undefined {
  return icmp !== null ? icmp.errors.find((e) => meaning(e) !== undefined) : undefined;
}

/** No answer to the SYN, and a router says why. */
function onConnect(facts: Pick<KnownFacts, 'handshake' | 'icmp' | 'reset'>): Answer {
  const { handshake, reset } = facts;
  const error = unreachable(facts);
  if (error === undefined || error.about !== 'originator' || reset !== null) return SILENT;
  if (handshake === null || handshake.synAck !== null) return SILENT;
  const times = handshake.syns.length;
  return supported(
    'strong',
    [
      cite(
        'handshake',
        `the SYN was sent ${times === 1 ? 'once' : `${times} times`}, and no SYN-ACK came`,
        handshake.syn.number,
      ),
      cite(
        'icmp',
        `${error.reporter} answered with ICMP ${error.type}/${error.code}, ${meaning(error)}`,
        error.number,
      ),
    ],
    'middlebox',
  );
}

export default defineCause({
  id: 'retransmission-give-up',
  taxonomy: 'D16',
  family: 'no-reply',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'The path or the other host went dead',
  resetBy: 'path',
  benign: false,
  kernelReasons: ['SK_RST_REASON_NO_SOCKET', 'SK_RST_REASON_TCP_FLAGS'],
  counters: ['TCPAbortOnTimeout', 'TCPTimeouts', 'RetransSegs'],
  references: [
    'RFC 9293 §3.8.3 (R1, R2)',
    'RFC 6298 §5.5',
    'RFC 5482 (TCP User Timeout)',
    'Linux net.ipv4.tcp_retries2; net/ipv4/tcp_timer.c tcp_write_timeout',
  ],
  explain:
    'In the middle of a conversation one side’s packets stopped being acknowledged: it repeated them, each time after twice the wait, and in the end gave up. ' +
    'A link, a route or the other host had gone away; no idle pause came before it, and small packets fared no better than large ones. ' +
    'Linux repeats 15 times (13 to 30 minutes) before it tells the program ETIMEDOUT, a TCP_USER_TIMEOUT or the program’s own timeout much sooner, and no RST is sent. ' +
    'Where a router knows better it says so with ICMP, and the program reads EHOSTUNREACH or "no route to host". ' +
    'The other side knows nothing of this: if the path comes back and it speaks, the host that gave up answers with a bare RST, and then that side reads ECONNRESET although the fault was the path.',
  requires: ['coverage'],
  mayUse: [
    'giveUp',
    'segmentSizes',
    'idle',
    'reset',
    'trigger',
    'endings',
    'icmp',
    'handshake',
    'backwardClock',
    'maker',
  ],
  refines: ['peer-lost-state', 'client-gave-up', 'abort-by-linger-zero'],
  examine(facts) {
    const { giveUp, idle, reset, endings, coverage } = facts;
    if (giveUp === null) return onConnect(facts);
    const { side, first, repetitions, span, backedOff, taken, heard, later } = giveUp;
    const { segmentSizes, backwardClock } = facts;
    if (!coverage.bothWays) return SILENT;
    // The other side is there and says what it lacks: its answers are told by other causes.
    if (backwardClock !== null && backwardClock.ignored.length > 0) return SILENT;
    const error = unreachable(facts);
    const told = error !== undefined && error.about === side && error.number > first.number ? error : null;
    const enough = repetitions.length >= FEW.repetitions && span >= FEW.span && backedOff;
    const { trigger, maker } = facts;
    const forgot =
      reset !== null &&
      reset.side === side &&
      reset.shape === 'passive' &&
      trigger !== null &&
      trigger.packet.number > repetitions.at(-1)!.number &&
      !endings?.closed[side] &&
      !(maker !== null && (maker.middlebox === 'proven' || maker.middlebox === 'likely'));
    if (!enough && told === null && !(forgot && repetitions.length >= 2)) return SILENT;
    // Repetitions that are answered, be it by a RST, are no silence.
    const answered = reset?.all.some((p) => p.from !== side && p.number > first.number);
    if (answered && !forgot) return SILENT;
    const name = who(side);
    const because: Citation[] = [
      cite(
        'giveUp',
        `the ${name} sent packet ${first.number} (${bytes(first.length)}) again ${repetitions.length} times over ${seconds(span)}${backedOff ? ', each time after a longer wait' : ''}, and received no acknowledgement of it`,
        first.number,
        ...repetitions.slice(0, 3).map(({ number }) => number),
      ),
    ];
    if (taken && heard.length === 0)
      because.push(
        cite(
          'giveUp',
          `earlier bytes of the ${name} had been acknowledged: the path had worked`,
          first.number,
        ),
      );
    if (heard.length > 0)
      because.push(
        cite(
          'giveUp',
          `packets of the ${who(other(side))} still came meanwhile, but they acknowledge nothing new`,
          heard[0]!.number,
        ),
      );
    if (told !== null)
      because.push(
        cite('icmp', `${told.reporter} said ICMP ${told.type}/${told.code}, ${meaning(told)}`, told.number),
      );
    if (forgot && reset !== null && trigger !== null)
      because.push(
        cite(
          'trigger',
          `${seconds(trigger.packet.time - repetitions.at(-1)!.time)} after the last repetition the ${who(other(side))} sent a packet again, and the ${name}’s kernel knew nothing of the connection any more: it had given up`,
          trigger.packet.number,
          reset.packet.number,
        ),
      );
    const sender = forgot ? side : 'middlebox';
    if (told !== null) return supported('strong', because, sender);
    const idleFirst = idle?.silent && idle.brokenBy === side && idle.gap >= IDLE_TIMEOUT;
    if (idleFirst) return supported('weak', because, sender);
    const plain = taken && heard.length === 0 && segmentSizes === null;
    const long = repetitions.length >= MANY.repetitions && span >= MANY.span && backedOff;
    if (plain && forgot && later !== null) return supported('strong', because, sender);
    return supported(plain && long ? 'strong' : 'fair', because, sender);
  },
  advice({ giveUp, icmp }) {
    const known = giveUp !== null ? giveUp : null;
    const when =
      known === null
        ? ''
        : ` at that second (${known.repetitions.length} repetitions over ${seconds(known.span)})`;
    const box = unreachable({ icmp });
    return [
      {
        who: 'path',
        do: `Find what went away${when}${box === undefined ? '' : `; ${box.reporter} says so itself`}: link and route changes, a failover, a host that rebooted or lost power, a security group or firewall rule that changed under a live connection. A capture at the other end tells whether the repetitions arrive there`,
      },
      {
        who: known === null ? 'client' : who(known.side),
        do: 'Bound how long a dead connection can hang: timeouts of the protocol, TCP_USER_TIMEOUT (libpq tcp_user_timeout, gRPC keep-alive), or net.ipv4.tcp_retries2 at 8 (about 100 s) instead of 15 for the whole host',
      },
      {
        who: known === null ? 'server' : who(other(known.side)),
        do: 'Use TCP keep-alive or heartbeats: this side received nothing that ends the connection, and keeps its half open until it sends',
      },
    ];
  },
  headline(facts) {
    const error = facts.giveUp === null ? unreachable(facts) : undefined;
    return error === undefined
      ? null
      : `${error.reporter} reports the server as unreachable (${meaning(error)})`;
  },
  scenario: 'path-dead',
  examples: {
    match: [
      `# at the client: from one moment on nothing comes back
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+0.500 > P. len 60
+0.800 > P. len 60 seq 61
+1.400 > P. len 60 seq 61
+2.600 > P. len 60 seq 61
+5.000 > P. len 60 seq 61
+9.800 > P. len 60 seq 61`,
      `# TCP_USER_TIMEOUT: the client gives up after 1.5 s, and the server, which speaks later, is reset
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+0.500 > P. len 60
+0.800 > P. len 60 seq 61
+1.400 > P. len 60 seq 61
+8.000 < P. len 90 ack 61
+8.000 > R passive`,
      `# at the server: its answer is never acknowledged, and a router names the reason
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 > P. len 60
+0.081 < P. len 90
+0.121 > .
+0.300 > P. len 60
+0.301 < P. len 90
+0.501 < P. len 90 seq 91
+0.901 < P. len 90 seq 91
+3.400 > icmp 3/1 from 10.0.9.9`,
      `# no host behind the last router: the connect fails with EHOSTUNREACH
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+1.000 > S seq 0
+3.000 > S seq 0
+3.100 < icmp 3/1 from 10.0.9.9`,
    ],
    miss: [
      `# repeated, then taken
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+0.500 > P. len 60
+0.800 > P. len 60 seq 61
+1.400 > P. len 60 seq 61
+1.440 < P. len 90
+2.000 < R.`,
      `# a box forbids: that is no dead path
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.006 < icmp 3/13 from 10.0.9.9`,
    ],
  },
});
