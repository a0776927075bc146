import { seconds, thousands } from '../evidence/packets.ts';
import type { Example, LadderRow } from '../verdict/result.ts';
import { foldLadder } from './ladder-fold.ts';
import { isReset, labels } from './ladder-label.ts';
import type { Pen, Style } from './pen.ts';
import { drawnFate, numberedInputs, numberText } from './vantage-text.ts';
import { clip, columns, padLeft, wrap } from './wrap.ts';

/*
 *       time  client                       server
 *      0.000    │── SYN ─────────────────────▶│  #1
 *               ┊     12 packets left out     ┊
 *     61.000    │── PSH,ACK 420:620 (200 B) ─▶│  #13  next request
 *   ✕ 61.020    │◀═ RST seq 181 ══════════════│  #14  reset
 */

/** Room that the parts take, in columns. */
interface Frame {
  /** Width of the time column. */
  time: number;
  digits: number;
  /** Between the two life lines. */
  lane: number;
  packet: number;
  /** Notes stand beside the arrows, or below when this is 0. */
  note: number;
  /** Columns before the left life line. */
  left: number;
}

const MARK = 2;
const MIN_NOTE = 16;
/** An arrow with the shortest flags on it. */
const NARROWEST_LANE = 8;
/** A pause of this many seconds between two packets gets a line of its own. */
const PAUSE = 1;

/** Milliseconds, unless that would print two different times alike (loopback): then microseconds. */
function timeDigits(rows: readonly LadderRow[]): number {
  const alike = rows.some((row, i) => {
    const before = rows[i - 1];
    return before !== undefined && before.time !== row.time && before.time.toFixed(3) === row.time.toFixed(3);
  });
  return alike ? 6 : 3;
}

function frameOf(rows: readonly LadderRow[], numbers: readonly string[], width: number): Frame {
  const digits = timeDigits(rows);
  const time = Math.max(5, ...rows.map((row) => row.time.toFixed(digits).length));
  const packet = Math.max(...numbers.map((number) => number.length));
  const left = MARK + time + 4;
  // Two life lines, and two blanks before the packet number.
  const room = width - left - 2 - 2 - packet;
  const longest = (form: number) => Math.max(...rows.map((row) => (labels(row)[form] ?? '').length)) + 6;
  const noted = Math.max(0, ...rows.map((row) => columns(row.note ?? '')));
  const beside = noted > 0 && room - 24 >= MIN_NOTE + 2;
  const forNotes = beside ? Math.min(noted, Math.max(MIN_NOTE, Math.floor(room * 0.36))) + 2 : 0;
  const most = room - forNotes;
  const wanted = longest(0) <= most ? longest(0) : longest(1);
  const lane = Math.max(NARROWEST_LANE, Math.min(most, Math.max(wanted, 34)));
  return { time, digits, lane, packet, left, note: beside ? room - lane - 2 : 0 };
}

function styleOf(row: LadderRow, pen: Pen): Style {
  if (isReset(row)) return pen.paint.bad;
  if (row.icmp !== undefined) return pen.paint.warn;
  if (row.flags.includes('F')) return pen.paint.warn;
  if (row.flags.includes('S') || row.length > 0) return pen.paint.accent;
  return (text) => text;
}

/**
 * The arrow between the life lines. An injected packet carries the sender's
 * address but was made on the way, so its arrow starts short of the sender;
 * that of a lost one ends short of the receiver.
 */
function arrow(row: LadderRow, lane: number, fate: 'lost' | 'injected' | null, { glyphs }: Pen): string {
  const line = isReset(row) ? glyphs.heavy : glyphs.light;
  const tail = fate === null ? 0 : Math.max(3, Math.floor(lane / 5));
  const run = lane - tail;
  const label = labels(row).find((text) => text.length + 6 <= run) ?? clip(labels(row).at(-1)!, run - 6, '');
  const shaft = line.repeat(run - label.length - 5);
  const short = ' '.repeat(tail);
  if (row.from === 'originator') {
    const start = fate === 'injected' ? `${short}${glyphs.between}` : line;
    return `${start}${line} ${label} ${shaft}${fate === 'lost' ? `${glyphs.between}${short}` : glyphs.right}`;
  }
  const end = fate === 'injected' ? `${glyphs.between}${short}` : line;
  return `${fate === 'lost' ? `${short}${glyphs.between}` : glyphs.left}${line} ${label} ${shaft}${end}`;
}

/** A line of the ladder on which no packet stands. */
function between(text: string, frame: Frame, pen: Pen): string {
  const { paint, glyphs } = pen;
  const said = clip(text, frame.lane, '');
  const before = Math.floor((frame.lane - said.length) / 2);
  const middle = `${' '.repeat(before)}${said}${' '.repeat(frame.lane - before - said.length)}`;
  return paint.dim(`${' '.repeat(frame.left)}${glyphs.gap}${middle}${glyphs.gap}`);
}

const leftOut = (n: number) => `${thousands(n)} packet${n === 1 ? '' : 's'} left out`;

function heading(frame: Frame, pen: Pen): string {
  const names = `client${' '.repeat(Math.max(1, frame.lane + 6 - 'client'.length - 'server'.length))}server`;
  const time = padLeft('time', MARK + frame.time);
  return pen.paint.dim(`${time}${' '.repeat(frame.left - 2 - columns(time))}${names}`);
}

function packetLines(
  row: LadderRow,
  name: string,
  fate: 'lost' | 'injected' | null,
  frame: Frame,
  pen: Pen,
): string[] {
  const { paint, glyphs } = pen;
  const style = styleOf(row, pen);
  const life = paint.dim(glyphs.life);
  const time = padLeft(row.time.toFixed(frame.digits), frame.time);
  const mark = isReset(row) ? paint.bad(glyphs.cross) : ' ';
  const reset = isReset(row) ? paint.bad : (text: string) => text;
  const notes =
    row.note === null || row.note === ''
      ? []
      : wrap(pen.safe(row.note), frame.note || pen.width - frame.left - 2);
  const number = paint.dim(name);
  const gap = ' '.repeat(frame.packet - name.length + 2);
  const first = frame.note > 0 && notes[0] !== undefined ? `${gap}${reset(notes[0])}` : '';
  const lead = `${mark}${' '.repeat(MARK - 1)}${time}    `;
  const lines = [`${lead}${life}${style(arrow(row, frame.lane, fate, pen))}${life}  ${number}${first}`];
  const blank = `${' '.repeat(frame.left)}${life}`;
  for (const note of frame.note > 0 ? notes.slice(1) : notes) {
    lines.push(
      frame.note > 0
        ? `${blank}${' '.repeat(frame.lane)}${life}${' '.repeat(frame.packet + 4)}${reset(note)}`
        : `${blank} ${reset(note)}`,
    );
  }
  return lines;
}

/**
 * The packets that matter as arrows between two life lines, at most `pen.width` columns wide.
 *
 * @param most lines; the least of the rows are left out to keep to it
 */
export function ladderLines(
  { entry, ...rows }: Example,
  pen: Pen,
  most = Number.POSITIVE_INFINITY,
): string[] {
  return draw({ entry, ...foldLadder(rows, most, (folded) => draw({ entry, ...folded }, pen).length) }, pen);
}

function draw({ ladder, elidedAfter, entry }: Omit<Example, 'delay'>, pen: Pen): string[] {
  if (ladder.length === 0) return [];
  const inputs = numberedInputs(entry);
  const numbers = ladder.map((row) => numberText(row, entry.input, inputs, pen.glyphs.none));
  const frame = frameOf(ladder, numbers, pen.width);
  const { sender, senderCertainty } = entry.verdict;
  const madeBetween =
    sender === 'middlebox' && (senderCertainty === 'proven' || senderCertainty === 'likely');
  const lines = [heading(frame, pen)];
  ladder.forEach((row, i) => {
    const before = ladder[i - 1];
    const pause = before === undefined ? 0 : row.time - before.time;
    if (row.elided > 0) lines.push(between(leftOut(row.elided), frame, pen));
    else if (pause >= PAUSE) lines.push(between(`${seconds(pause)} without a packet`, frame, pen));
    const onPath = row.icmp?.between === true;
    const made = madeBetween && entry.reset && row.packet === entry.packet && row.input === undefined;
    lines.push(...packetLines(row, numbers[i]!, made || onPath ? 'injected' : drawnFate(row), frame, pen));
  });
  if (elidedAfter > 0) lines.push(between(`${leftOut(elidedAfter)} after this`, frame, pen));
  return lines;
}
