import type { Connection, Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { hasAck, isData, isFin, isReset, isSyn, who } from '../packets.ts';
import { SIGNATURES, type Signature, STAGES, type Stage } from './tampering-signatures.ts';

/** One direction of the connection that fits a signature. */
export interface TamperingMatch {
  signature: Signature;
  /** In whose name the resets came, or who fell silent. */
  side: Side;
  /** What the client had sent last, and the resets. */
  packets: TimelinePacket[];
  /** One sentence: a fact about the packets, never a proof. */
  says: string;
}

export interface TamperingFact extends Known {
  readonly known: true;
  /** At most one of each direction: in the client's name first. */
  matches: TamperingMatch[];
}

/** The published method looks at the first ten packets of a direction. */
const FIRST_PACKETS = 10;
/** Silence counts when the capture went on this much longer, seconds. */
const SILENCE = 3;

/** The client's packets up to `index`, and what they amount to. */
interface Progress {
  stage: Stage;
  /** Its latest packet that belongs to the stage. */
  last: TimelinePacket;
  /** The SYN, and no repetition of it. */
  single: boolean;
}

function progress(timeline: readonly TimelinePacket[], index: number): Progress | null {
  let syns = 0;
  let data = 0;
  let acks = 0;
  let last: TimelinePacket | null = null;
  for (let i = 0; i < index; i++) {
    const p = timeline[i]!;
    if (p.from !== 'originator' || isReset(p)) continue;
    if (isSyn(p)) syns++;
    else if (isData(p)) {
      if (!p.retransmission) data++;
    } else if (hasAck(p)) acks++;
    last = p;
  }
  if (last === null || syns === 0) return null;
  const stage = data > 1 ? 'data' : data === 1 ? 'psh' : acks > 0 ? 'ack' : 'syn';
  return { stage, last, single: syns === 1 };
}

/** Which signature these resets make at that stage; null when the published list has none. */
function bySignals(stage: Stage, resets: readonly TimelinePacket[]): Signature | null {
  const bare = resets.filter((p) => !hasAck(p));
  const acking = resets.length - bare.length;
  const s = SIGNATURES;
  if (stage === 'syn')
    return bare.length > 0 && acking > 0 ? s.synBoth : bare.length > 0 ? s.synRst : s.synRstAck;
  if (bare.length > 0 && acking > 0) return stage === 'psh' ? s.pshBoth : null;
  if (stage === 'ack') {
    if (acking === 0) return bare.length > 1 ? s.ackRsts : s.ackRst;
    return acking > 1 ? s.ackRstAcks : s.ackRstAck;
  }
  if (stage === 'data') return acking > 0 ? s.dataRstAck : s.dataRst;
  if (acking > 0) return acking > 1 ? s.pshRstAcks : s.pshRstAck;
  if (bare.length === 1) return s.pshRst;
  if (bare.some((p) => !p.rawNumbers)) return null;
  // The field is there without the flag as well, and an injector may fill it.
  const acks = new Set(bare.map((p) => p.rawAck));
  if (acks.size === 1) return s.pshSameAck;
  return acks.has(0) ? s.pshZeroAck : s.pshOtherAck;
}

const SILENT: Readonly<Record<Stage, Signature | null>> = {
  syn: SIGNATURES.synSilence,
  ack: SIGNATURES.ackSilence,
  psh: SIGNATURES.pshSilence,
  data: null,
};

/** Nothing more of `side` although the client had got as far as `stage`; the server owes no answer to a bare ACK. */
function bySilence(timeline: readonly TimelinePacket[], side: Side, until: number): TamperingMatch | null {
  if (timeline.some((p) => isReset(p) || isFin(p))) return null;
  const reached = progress(timeline, timeline.length);
  if (reached === null || (side === 'responder' && reached.stage === 'ack')) return null;
  const signature = SILENT[reached.stage];
  if (signature === null || (reached.stage === 'syn' && !reached.single)) return null;
  // It is silence of the client when nothing follows its packet, of the server when nothing answers it.
  const first = timeline.find((p) => p.from === 'originator' && atStage(p, reached.stage))!;
  const after = timeline.filter((p) => p.number > first.number);
  if (after.some((p) => p.from === side)) return null;
  if (until - first.time < SILENCE) return null;
  const says = `it fits the published tampering signature ${signature.name} (${STAGES[signature.stage]}): the ${who(side)} fell silent, as with ${signature.twins[side]}`;
  return { signature, side, packets: [first], says };
}

function atStage(p: TimelinePacket, stage: Stage): boolean {
  if (stage === 'syn') return isSyn(p);
  return stage === 'psh' ? isData(p) : !isSyn(p) && hasAck(p);
}

function byResets({ timeline, elidedAt, elided }: Connection, side: Side): TamperingMatch | null {
  const index = timeline.findIndex((p) => isReset(p) && p.from === side);
  if (index < 0 || (elided > 0 && index >= elidedAt)) return null;
  const before = timeline.slice(0, index);
  if (before.some(isFin) || before.filter((p) => p.from === side).length >= FIRST_PACKETS) return null;
  const reached = progress(timeline, index);
  if (reached === null) return null;
  const resets = timeline.filter((p) => isReset(p) && p.from === side).slice(0, FIRST_PACKETS);
  const signature = bySignals(reached.stage, resets);
  if (signature === null) return null;
  const towards = side === 'originator' ? 'server' : 'client';
  const says = `towards the ${towards} it fits the published tampering signature ${signature.name} (${STAGES[signature.stage]}); the same is seen of ${signature.twins[side]}`;
  return { signature, side, packets: [reached.last, ...resets], says };
}

/**
 * Which of the 19 published signatures either direction fits. The authors had the packets that reach a server;
 * the other direction is read the same way, by how far the client had got when resets in the server's name, or
 * its silence, came. A match says “may have been tampered with”: each has harmless twins, which are named.
 */
export default defineEvidence('Published tampering signatures that the connection fits', (subject) => {
  const { connection, world } = subject;
  if (!connection.sawHandshake) return unknown('the capture starts in the middle of this connection');
  const matches: TamperingMatch[] = [];
  const until = Math.max(connection.end, world.until);
  for (const side of ['originator', 'responder'] as const) {
    const match =
      byResets(connection, side) ??
      (connection.elided > 0 ? null : bySilence(connection.timeline, side, until));
    if (match !== null) matches.push(match);
  }
  return matches.length > 0 ? { known: true, matches } : unknown('no published signature fits');
});
