import type { KnownFacts } from '../causes/define.ts';
import type { Connection, TimelinePacket } from '../connection/connection.ts';
import { unkept } from '../connection/packet-kind.ts';
import { hasAck, isData, isFin, isReset, isSyn, seconds, who } from '../evidence/packets.ts';
import { readMessage } from '../protocol/application-message.ts';
import { labelMessage } from '../protocol/message-label.ts';
import type { Pair } from '../vantage/pair.ts';
import { flagLetters } from '../wire/describe.ts';
import { withUnkeptFins } from './fin-rows.ts';
import { withIcmpRows } from './icmp-rows.ts';
import type { LadderRow, OtherVantage, Sender } from './result.ts';
import { fateName } from './vantages.ts';

/** More rows than this tell a reader less, not more. */
const MOST_ROWS = 14;

function noteOf(p: TimelinePacket, facts: KnownFacts): string | null {
  const { reset, closing, idle, trigger, reuse } = facts;
  if (p.number === reset?.packet.number) return `RST (source: ${who(p.from)})`;
  if (isReset(p)) return 'another RST';
  if (idle?.silent && p.number === idle.since) return `then ${seconds(idle.gap)} of silence`;
  if (p.number === closing?.fin.number) return `${who(p.from)} closes`;
  if (closing !== null && closing.dataAfter[0]?.number === p.number) {
    return closing.finAcked !== null && closing.finAcked.number <= p.number
      ? 'written after the close'
      : reuse === null || reuse.course === 'crossed'
        ? 'crosses the close'
        : 'does not acknowledge the FIN';
  }
  if (p.number === trigger?.packet.number) return 'the RST answers this packet';
  if (p.keepAliveProbe) return 'keep-alive probe';
  if (p.retransmission) return 'retransmission';
  if (reset !== null && p.time > reset.packet.time && p.from === reset.side) return 'sent after the RST';
  return null;
}

/** RSTs behind the first that show a volley; the others only repeat it. */
const VOLLEY = 2;

/** How much a packet matters, 0 to 100: the least are left out first, those from 75 on never. */
function weightOf(
  p: TimelinePacket,
  position: number,
  resetIndex: number,
  cited: ReadonlySet<number>,
  nthReset: number,
): number {
  if (isReset(p)) return position === resetIndex ? 100 : nthReset <= VOLLEY ? 78 : 45;
  if (cited.has(p.number)) return p.retransmission ? 60 : 90;
  if (isFin(p)) return 80;
  if (isSyn(p)) return 70;
  const before = resetIndex - position;
  if (before > 0 && before <= 3) return 65 - before;
  if (before < 0 && before >= -2) return 55 + before;
  if (isData(p)) return p.retransmission ? 30 : 40 - Math.min(9, Math.floor(position / 4));
  return hasAck(p) ? 10 : 20;
}

/** A packet that may stand in the ladder. */
interface Rung {
  packet: TimelinePacket;
  /** On the clock of the entry's capture. */
  time: number;
  weight: number;
  note: string | null;
  /** Position in the timeline; halfway between two where another capture alone holds it. */
  position: number;
  /** The capture that alone holds it, and what became of it on the way to the others. */
  foreign?: { input: number; fate: keyof typeof FATE_NOTES };
}

/** Packets that only another capture holds: the wire between has swallowed them, or made them. */
function rungsOf(
  { other, otherFates, passing, moment }: Pair,
  timeline: readonly TimelinePacket[],
  sender: Sender,
): Rung[] {
  return other.timeline.flatMap((packet, i) => {
    const fate = otherFates[i]!;
    const telling = isReset(packet) || isFin(packet) || isSyn(packet) || isData(packet);
    const time = fate.kind === 'injected' ? moment(packet) : passing(packet);
    if (fate.kind === 'both' || fate.kind === 'unknown' || !telling || time === null) return [];
    const behind = timeline.findIndex((p) => p.time > time);
    const position = (behind < 0 ? timeline.length : behind) - 0.5;
    const kind = fateName(fate, sender) as keyof typeof FATE_NOTES;
    const note = FATE_NOTES[kind];
    const foreign = { input: other.input, fate: kind };
    return [{ packet, time, weight: isReset(packet) ? 76 : 50, note, position, foreign }];
  });
}

const FATE_NOTES = {
  lost: 'lost on the way',
  injected: 'made on the way',
  missing: 'in one capture only',
} as const;

function elsewhereOf(pairs: readonly Pair[], position: number, sender: Sender): OtherVantage[] {
  return pairs.flatMap(({ relation, other, fates }) => {
    if (relation !== 'same') return [];
    const fate = fates[position];
    const packet = fate?.kind === 'both' ? fate.packet.number : null;
    return [{ input: other.input, packet, fate: fateName(fate, sender) }];
  });
}

/** What the packet tells, and what became of it on the way. */
function fullNote(own: string | null, elsewhere: readonly OtherVantage[]): string | null {
  const fates = new Set(
    elsewhere.flatMap(({ fate }) =>
      fate === 'altered' ? ['altered on the way'] : fate in FATE_NOTES ? [FATE_NOTES[fate as 'lost']] : [],
    ),
  );
  const parts = [...(own === null ? [] : [own]), ...fates];
  return parts.length === 0 ? null : parts.join('; ');
}

/**
 * The weightiest, in order. A packet that alone is left out between two others is shown: the line that counts it
 * would take as much room.
 */
function select(rungs: readonly Rung[]): Rung[] {
  const order = [...rungs].sort((a, b) => a.position - b.position || a.time - b.time);
  const chosen = new Set(
    [...order].sort((a, b) => b.weight - a.weight || a.position - b.position).slice(0, MOST_ROWS),
  );
  return order.filter((rung, i) => {
    if (chosen.has(rung)) return true;
    const before = order[i - 1];
    const after = order[i + 1];
    return before !== undefined && after !== undefined && chosen.has(before) && chosen.has(after);
  });
}

/** What the turns whose first bytes were kept say they are, by the packet that begins them. */
function labelTurns({ originator, responder }: Connection): Map<number, string> {
  const labels = new Map<number, string>();
  for (const turn of [originator.firstTurn, originator.lastTurn, responder.firstTurn, responder.lastTurn]) {
    if (turn === null || turn.head.length === 0) continue;
    const label = labelMessage(readMessage(turn.head, turn.number), turn.head);
    if (label !== null) labels.set(turn.number, label);
  }
  return labels;
}

const labelled = (application: string | undefined) => application !== undefined && { application };

/** The packets that matter, in order, with what was left out counted between them. */
export function ladder(
  connection: Connection,
  facts: KnownFacts,
  cited: ReadonlySet<number>,
  pairs: readonly Pair[],
  sender: Sender,
): { rows: LadderRow[]; elidedAfter: number } {
  const { timeline } = connection;
  const found = timeline.findIndex(isReset);
  const resetIndex = found < 0 ? timeline.length - 1 : found;
  let resets = 0;
  const rungs: Rung[] = timeline.map((packet, position) => ({
    packet,
    time: packet.time,
    weight: weightOf(packet, position, resetIndex, cited, isReset(packet) ? resets++ : 0),
    note: noteOf(packet, facts),
    position,
  }));
  const chosen = select([...rungs, ...pairs.flatMap((pair) => rungsOf(pair, timeline, sender))]);
  const labels = labelTurns(connection);
  const rows: LadderRow[] = [];
  let previous = -1;
  for (const { packet: p, time, position, note, weight, foreign } of chosen) {
    const own = foreign === undefined;
    const elsewhere = own
      ? elsewhereOf(pairs, position, sender)
      : [{ input: connection.input, packet: null, fate: foreign.fate }];
    rows.push({
      packet: p.number,
      time: time - connection.start,
      from: p.from,
      flags: flagLetters(p.flags),
      // A refusal carries an absolute 0: relative to a number that was never sent it would say nothing.
      seq: p.rawSeq === 0 ? 0 : p.seq,
      ack: hasAck(p) ? p.ack : null,
      length: p.length,
      ...(own && labelled(labels.get(p.number))),
      note: own ? fullNote(note, elsewhere) : note,
      weight,
      elided: own ? leftOutBetween(connection, previous, position) : 0,
      ...(!own && { input: foreign.input }),
      ...(elsewhere.length > 0 && { elsewhere }),
    });
    if (own) previous = position;
  }
  const elidedAfter = timeline.length - 1 - previous + unkept(connection);
  const kept = withUnkeptFins({ rows, elidedAfter }, connection);
  return { ...kept, rows: withIcmpRows(kept.rows, connection) };
}

/** Packets between two positions of the timeline, those that were not kept included. */
function leftOutBetween({ elided, elidedAt }: Connection, previous: number, position: number): number {
  const unkeptHere = elided > 0 && previous < elidedAt && position >= elidedAt ? elided : 0;
  return position - previous - 1 + unkeptHere;
}
