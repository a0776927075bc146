import type { Cause, Citation, KnownFacts, Strength } from '../causes/define.ts';
import { causes } from '../causes/index.ts';
import { families } from '../families/index.ts';
import type { Candidate } from './candidate.ts';
import type { Certainty } from './result.ts';

/*
 * The order of the causes that remain (docs/decisions/0004): a refinement
 * before what it refines, then strength, then what the context favours, then
 * how usual a cause is, then its id. The last is arbitrary but stated, so that
 * no order ever follows from the order of files.
 */

const WEIGHT: Record<Strength, number> = { proof: 3, strong: 2, fair: 1, weak: 0 };
const RATE = { common: 2, occasional: 1, rare: 0 } as const;

export const weightOf = ({ answer }: Candidate): number => WEIGHT[answer.strength];

const REFINED = new Map(causes.map(({ id, refines }) => [id, new Set(refines)]));

/** `a` is a more precise form of `b`. */
export function refines(a: Cause, b: Cause): boolean {
  return REFINED.get(a.id)?.has(b.id) === true;
}

export const familyOf = new Map(families.map((family) => [family.id, family]));

/** Points by cause id, and the observations they come from. */
export interface Context {
  points: ReadonlyMap<string, number>;
  because: Citation[];
}

/** What the context rules of the candidates' families say about them. */
export function contextOf(candidates: readonly Candidate[], facts: KnownFacts): Context {
  const points = new Map<string, number>();
  const because: Citation[] = [];
  const concerned = new Set(candidates.map(({ cause }) => cause.id));
  for (const id of new Set(candidates.map(({ cause }) => cause.family)))
    for (const rule of familyOf.get(id)?.context ?? []) {
      const { favours = [], disfavours = [] } = rule;
      if (![...favours, ...disfavours].some((cause) => concerned.has(cause))) continue;
      const seen = rule.of(facts);
      if (seen === null) continue;
      because.push(seen);
      for (const cause of favours) points.set(cause, (points.get(cause) ?? 0) + 1);
      for (const cause of disfavours) points.set(cause, (points.get(cause) ?? 0) - 1);
    }
  return { points, because };
}

/** Negative when `a` stands before `b` by what is usual here: context, then base rate. */
function compareUsual(a: Candidate, b: Candidate, { points }: Context): number {
  const context = (points.get(b.cause.id) ?? 0) - (points.get(a.cause.id) ?? 0);
  return context !== 0 ? context : RATE[b.cause.baseRate.is] - RATE[a.cause.baseRate.is];
}

function compare(a: Candidate, b: Candidate, context: Context): number {
  if (refines(a.cause, b.cause) && a.answer.strength !== 'weak') return -1;
  if (refines(b.cause, a.cause) && b.answer.strength !== 'weak') return 1;
  return weightOf(b) - weightOf(a) || compareUsual(a, b, context) || (a.cause.id < b.cause.id ? -1 : 1);
}

/**
 * The candidates, most probable first. `compare` is no total order
 * (refinements skip ranks), so that none that another beats directly is taken
 * while an unbeaten one is left.
 */
export function ranked(candidates: readonly Candidate[], context: Context): Candidate[] {
  const left = [...candidates];
  const order: Candidate[] = [];
  while (left.length > 0) {
    const beats = (c: Candidate) => left.every((other) => other === c || compare(c, other, context) < 0);
    const next = left.find(beats) ?? left.reduce((best, c) => (compare(c, best, context) < 0 ? c : best));
    order.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return order;
}

export const related = (a: Cause, b: Cause): boolean => refines(a, b) || refines(b, a);

const CERTAINTY: Record<Strength, Certainty> = {
  proof: 'proven',
  strong: 'likely',
  fair: 'possible',
  weak: 'undetermined',
};

export const certaintyAlone = ({ answer }: Candidate): Certainty => CERTAINTY[answer.strength];

/**
 * How sure the first of the candidates is. A rival as strong takes a step down
 * from it; where nothing but weak or equal answers are left, only context or a
 * base rate that puts one before all others names it, as `possible`.
 */
export function certaintyOf([winner, ...others]: readonly Candidate[], context: Context): Certainty {
  if (winner === undefined) return 'undetermined';
  const rivals = others.filter((c) => weightOf(c) >= weightOf(winner) && !related(winner.cause, c.cause));
  if (winner.answer.strength === 'weak') {
    const favoured = (context.points.get(winner.cause.id) ?? 0) > 0;
    return favoured && rivals.every((c) => compareUsual(winner, c, context) < 0)
      ? 'possible'
      : 'undetermined';
  }
  if (rivals.length === 0) return certaintyAlone(winner);
  if (winner.answer.strength !== 'fair') return 'possible';
  return rivals.every((c) => compareUsual(winner, c, context) < 0) ? 'possible' : 'undetermined';
}
