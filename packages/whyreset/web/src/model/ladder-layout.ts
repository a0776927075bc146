import { seconds } from '../../../src/evidence/packets.ts';
import type { Example, LadderRow } from '../../../src/verdict/result.ts';

/*
 * A sequence diagram true to time: an arrow leaves one line when its packet
 * left that end and reaches the other when it arrived, as far as the delay
 * from the place of the capture to each end is known. So two packets that
 * crossed on the way cross in the picture. The vertical scale is monotone,
 * not linear: long silences are folded, with their length written in, and
 * rows keep room for their labels. Order is never changed.
 */

/** One packet with where it is drawn. Places across go from 0, the client, to 1, the server. */
export interface DrawnRow {
  row: LadderRow;
  start: { at: number; y: number };
  end: { at: number; y: number };
  /** It was made between the ends, or lost there. */
  cut: 'made' | 'lost' | null;
}

/** A silence, or packets that are left out. */
export interface Fold {
  y: number;
  height: number;
  text: string;
}

export interface LadderLayout {
  rows: DrawnRow[];
  folds: Fold[];
  height: number;
  /** Where a box on the path, or a host of unknown place, made the packet; null without one. */
  box: number | null;
  /** Places of the captures, by input; only with several. */
  captures: { input: number; at: number }[];
}

const TOP = 16;
/** Between the labels of two packets. */
const SPACING = 24;
/** Height of the slant of one way over the whole path. */
const SLANT = 26;
/** Moments further apart than this, seconds, are at least so many pixels apart. */
const SAME_MOMENT = 1e-6;
const LEAST = 9;
/** The most that a span of time takes before it is folded. */
const LONGEST = 64;
const FOLD = 40;
/** Silences that are named though their length fits, seconds. */
const NAMED_SILENCE = 0.2;
/** Where a capture stands that is near one end. */
const NEAR = { client: 0.16, server: 0.84 } as const;

const MADE_AT = 0.5;

function cutOf(row: LadderRow, { entry }: Example): DrawnRow['cut'] {
  const { sender, senderCertainty } = entry.verdict;
  const between = sender === 'middlebox' && (senderCertainty === 'proven' || senderCertainty === 'likely');
  if (row.icmp?.between === true) return 'made';
  if (between && entry.reset && row.packet === entry.packet && row.input === undefined) return 'made';
  const fates = row.elsewhere?.map(({ fate }) => fate) ?? [];
  if (fates.includes('injected')) return 'made';
  return fates.includes('lost') ? 'lost' : null;
}

/** Seconds from the place of the capture to an end; no delay where none was measured. */
function delays({ delay }: Example): { client: number; server: number } {
  return { client: delay.originator ?? 0, server: delay.responder ?? 0 };
}

interface Span {
  leaves: number;
  arrives: number;
}

/** A packet made on the way is first seen where the capture is; so is the last of one that is lost. */
function spanOf(
  row: LadderRow,
  { client, server }: { client: number; server: number },
  cut: DrawnRow['cut'],
): Span {
  const [behind, ahead] = row.from === 'originator' ? [client, server] : [server, client];
  if (cut === 'made') return { leaves: row.time, arrives: row.time + ahead };
  if (cut === 'lost') return { leaves: row.time - behind, arrives: row.time };
  return row.from === 'originator'
    ? { leaves: row.time - client, arrives: row.time + server }
    : { leaves: row.time - server, arrives: row.time + client };
}

/** A monotone scale over the moments at which something leaves or arrives. */
class TimeScale {
  private readonly moments: number[];
  private readonly steps: number[];
  /** Index of the step before which packets are left out or time is folded. */
  readonly folded = new Map<number, string>();

  constructor(spans: readonly Span[], way: number) {
    this.moments = [...new Set(spans.flatMap(({ leaves, arrives }) => [leaves, arrives]))].sort(
      (a, b) => a - b,
    );
    const perSecond = SLANT / (way > 0 ? way : 0.001);
    this.steps = this.moments.map((moment, i) => {
      const before = this.moments[i - 1];
      if (before === undefined) return TOP;
      const least = moment - before > SAME_MOMENT ? LEAST : 0;
      return Math.max(least, Math.min(LONGEST, (moment - before) * perSecond));
    });
  }

  at(moment: number): number {
    return this.moments.indexOf(moment);
  }

  y(moment: number): number {
    let sum = 0;
    for (let i = 0; i < this.moments.length; i++) {
      sum += this.steps[i]!;
      if (this.moments[i]! >= moment) break;
    }
    return sum;
  }

  /** Gives the step before a moment at least this height. */
  widen(moment: number, by: number): void {
    const at = this.at(moment);
    this.steps[at] = this.steps[at]! + by;
  }

  height(moment: number): number {
    return this.steps[this.at(moment)]!;
  }
}

/** The moment of a row behind which the silence before it ends: the first at which anything of it is seen. */
function foldBefore(
  scale: TimeScale,
  spans: readonly Span[],
  i: number,
  text: string,
): { moment: number; text: string } | null {
  // A later packet of the other side may have left earlier: the silence ends with the first that leaves.
  const leaves = Math.min(...spans.slice(i).map((span) => span.leaves));
  const busy = spans.some((span, j) => j < i && span.leaves < leaves && span.arrives > leaves);
  if (busy) return null;
  const room = scale.height(leaves);
  if (room < FOLD) scale.widen(leaves, FOLD - room);
  return { moment: leaves, text };
}

function foldText(row: LadderRow, before: LadderRow | undefined, quiet: number): string | null {
  if (row.elided > 0) return `${row.elided} packet${row.elided === 1 ? '' : 's'} left out`;
  return before !== undefined && quiet >= NAMED_SILENCE ? `${seconds(quiet)} of silence` : null;
}

const mid = (scale: TimeScale, { leaves, arrives }: Span) => (scale.y(leaves) + scale.y(arrives)) / 2;

/** Widens steps until no two labels of neighbours stand on each other. */
function separate(scale: TimeScale, spans: readonly Span[], ladder: readonly LadderRow[]): void {
  for (let round = 0; round < 8; round++) {
    let moved = false;
    for (let i = 1; i < spans.length; i++) {
      // Labels of arrows that cross find room along them; steps between would move both.
      if (ladder[i]!.from !== ladder[i - 1]!.from && spans[i]!.leaves < spans[i - 1]!.arrives) continue;
      const lacks = SPACING - (mid(scale, spans[i]!) - mid(scale, spans[i - 1]!));
      if (lacks <= 0.5) continue;
      const later = spans[i]!.leaves > spans[i - 1]!.leaves ? spans[i]!.leaves : spans[i]!.arrives;
      scale.widen(later, lacks);
      moved = true;
    }
    if (!moved) return;
  }
}

function captureLines({ entry }: Example): LadderLayout['captures'] {
  const { vantages } = entry;
  if (vantages === undefined) return [];
  const others = vantages.filter(({ input }) => input !== entry.input);
  const own = others.some(({ nearer }) => nearer === 'server') ? NEAR.client : NEAR.server;
  const lines: LadderLayout['captures'] = [{ input: entry.input, at: own }];
  others.forEach(({ input, relation, nearer }, i) => {
    if (relation !== 'same') return;
    const at = nearer === null ? 0.4 + 0.1 * i : NEAR[nearer];
    lines.push({ input, at: lines.some((line) => line.at === at) ? at + 0.08 : at });
  });
  return lines;
}

/** Two packets at one moment still have an order: the later one leaves a hair later. */
function distinctSpans(example: Example): Span[] {
  const delay = delays(example);
  let last = Number.NEGATIVE_INFINITY;
  return example.ladder.map((row) => {
    const span = spanOf(row, delay, cutOf(row, example));
    if (row.time <= last && span.leaves <= last) {
      span.leaves += 1e-9;
      span.arrives += 1e-9;
    }
    last = row.time;
    return span;
  });
}

export function layOutLadder(example: Example): LadderLayout {
  const { ladder } = example;
  const delay = delays(example);
  const spans = distinctSpans(example);
  const scale = new TimeScale(spans, delay.client + delay.server);
  const folding: { moment: number; text: string }[] = [];
  ladder.forEach((row, i) => {
    const before = ladder[i - 1];
    const text = foldText(row, before, before === undefined ? 0 : row.time - before.time);
    const fold = text === null ? null : foldBefore(scale, spans, i, text);
    if (fold !== null) folding.push(fold);
  });
  separate(scale, spans, ladder);
  const rows = ladder.map((row, i): DrawnRow => {
    const forward = row.from === 'originator';
    const cut = cutOf(row, example);
    const startAt = cut === 'made' ? MADE_AT : forward ? 0 : 1;
    const endAt = cut === 'lost' ? MADE_AT : forward ? 1 : 0;
    const from = scale.y(spans[i]!.leaves);
    const to = scale.y(spans[i]!.arrives);
    return {
      row,
      start: { at: startAt, y: from },
      end: { at: endAt, y: to },
      cut,
    };
  });
  const folds = folding.map(({ moment, text }) => {
    const height = Math.min(scale.height(moment), FOLD);
    return { y: scale.y(moment) - height + 4, height: height - 8, text };
  });
  const bottom = Math.max(TOP, ...rows.flatMap(({ start, end }) => [start.y, end.y]));
  if (example.elidedAfter > 0)
    folds.push({ y: bottom + 8, height: 24, text: `${example.elidedAfter} left out after this` });
  return {
    rows,
    folds,
    height: bottom + (example.elidedAfter > 0 ? 44 : 20),
    box: rows.some(({ cut }) => cut === 'made') ? MADE_AT : null,
    captures: captureLines(example),
  };
}

/** What the program at the receiving end of a RST, FIN or refusal sees. */
export function effectOf({ row }: DrawnRow, example: Example): string | null {
  const { reset, packet } = example.entry;
  if (!reset || row.packet !== packet || row.input !== undefined) return null;
  const opened = example.ladder.some(
    ({ flags, from }) => flags.startsWith('S') && from !== row.from && flags === 'S',
  );
  const answered = example.ladder.some(
    (other) => other.from === row.from && other.packet !== row.packet && other.time <= row.time,
  );
  return opened && !answered ? 'ECONNREFUSED' : 'ECONNRESET';
}
