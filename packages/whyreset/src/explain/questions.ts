import type { Mark, Observation } from '../logs/observation.ts';
import { type Question, questions } from './question-list.ts';
import { type Ranked, rank } from './rank.ts';

/** An observation with what an answer adds to it. */
export function answered(seen: Observation, marks: readonly Mark[]): Observation {
  return { ...seen, shown: new Set([...seen.shown, ...marks]) };
}

/** A question that moves less than this of the odds is not worth asking. */
const WORTH_ASKING = 0.25;

/** The question whose answers move the list most; null where none does. */
export function decidingQuestion(seen: Observation, asked: ReadonlySet<string> = new Set()): Question | null {
  const before = odds(rank(seen));
  let best: { question: Question; moves: number } | null = null;
  for (const question of questions) {
    const known = question.answers.some(
      ({ marks }) => marks.length > 0 && marks.every((mark) => seen.shown.has(mark)),
    );
    if (asked.has(question.id) || known || question.unless?.(seen)) continue;
    const moves =
      question.answers.reduce(
        (sum, { marks }) => sum + distance(before, odds(rank(answered(seen, marks)))),
        0,
      ) / question.answers.length;
    if (moves > WORTH_ASKING && (best === null || moves > best.moves)) best = { question, moves };
  }
  return best?.question ?? null;
}

/** Shares of the families in the odds: what has one fix is one answer. */
function odds(ranked: readonly Ranked[]): Map<string, number> {
  const top = ranked[0]?.score ?? 0;
  const shares = new Map<string, number>();
  for (const { cause, score } of ranked)
    shares.set(cause.family, (shares.get(cause.family) ?? 0) + Math.exp(score - top));
  const sum = [...shares.values()].reduce((a, b) => a + b, 0);
  return new Map([...shares].map(([family, share]) => [family, share / sum]));
}

function distance(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const families = new Set([...a.keys(), ...b.keys()]);
  return [...families].reduce((sum, id) => sum + Math.abs((a.get(id) ?? 0) - (b.get(id) ?? 0)), 0) / 2;
}
