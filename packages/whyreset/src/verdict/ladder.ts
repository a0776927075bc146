import type { Facts } from '../causes/define.ts';
import type { Connection, TimelinePacket } from '../connection/connection.ts';
import { unkept } from '../connection/packet-kind.ts';
import { hasAck, isData, isFin, isReset, isSyn, seconds, who } from '../evidence/packets.ts';
import { flagLetters } from '../wire/describe.ts';
import type { LadderRow } from './result.ts';

/** More rows than this tell a reader less, not more. */
const MOST_ROWS = 14;

function noteOf(p: TimelinePacket, facts: Facts): string | null {
  const { reset, closing, idle, trigger } = facts;
  if (reset.known && p.number === reset.packet.number) {
    return `reset, in the ${who(p.from)}'s name`;
  }
  if (isReset(p)) return 'another reset';
  if (idle.known && idle.idle && p.number === idle.since) return `then ${seconds(idle.gap)} of silence`;
  if (closing.known && p.number === closing.fin.number) return `${who(p.from)} closes`;
  if (closing.known && closing.dataAfter[0]?.number === p.number) {
    return closing.finAcked !== null && closing.finAcked.number <= p.number
      ? 'written after the close'
      : 'crosses the close';
  }
  if (trigger.known && p.number === trigger.packet.number) return 'what the reset answers';
  if (p.keepAliveProbe) return 'keep-alive probe';
  if (p.retransmission) return 'repeated';
  if (reset.known && p.time > reset.packet.time && p.from === reset.side) return 'life after the reset';
  return null;
}

/** How much a packet matters to the story; the least are left out first. */
function worth(p: TimelinePacket, position: number, resetIndex: number, cited: ReadonlySet<number>): number {
  if (isReset(p)) return position === resetIndex ? 100 : 60;
  if (cited.has(p.number)) return 90;
  if (isFin(p)) return 80;
  if (isSyn(p)) return 70;
  const before = resetIndex - position;
  if (before > 0 && before <= 3) return 65 - before;
  if (before < 0 && before >= -2) return 55 + before;
  if (isData(p)) return p.retransmission ? 30 : 40 - Math.min(9, position / 4);
  return hasAck(p) ? 10 : 20;
}

/** The packets that tell the story, in order, with what was left out counted between them. */
export function ladder(
  connection: Connection,
  facts: Facts,
  cited: ReadonlySet<number>,
): { rows: LadderRow[]; elidedAfter: number } {
  const { timeline } = connection;
  const found = timeline.findIndex(isReset);
  const resetIndex = found < 0 ? timeline.length - 1 : found;
  const ranked = timeline
    .map((p, position) => ({ position, worth: worth(p, position, resetIndex, cited) }))
    .sort((a, b) => b.worth - a.worth || a.position - b.position);
  const chosen = ranked
    .slice(0, MOST_ROWS)
    .map(({ position }) => position)
    .sort((a, b) => a - b);
  const rows: LadderRow[] = [];
  let previous = -1;
  for (const position of chosen) {
    const p = timeline[position]!;
    let elided = position - previous - 1;
    if (connection.elided > 0 && previous < connection.elidedAt && position >= connection.elidedAt)
      elided += connection.elided;
    rows.push({
      packet: p.number,
      time: p.time - connection.start,
      from: p.from,
      flags: flagLetters(p.flags),
      // A refusal carries an absolute 0: relative to a number nobody sent it would say nothing.
      seq: p.rawSeq === 0 ? 0 : p.seq,
      ack: hasAck(p) ? p.ack : null,
      length: p.length,
      note: noteOf(p, facts),
      elided,
    });
    previous = position;
  }
  return { rows, elidedAfter: timeline.length - 1 - previous + unkept(connection) };
}
