import type { BaseRate } from '../causes/about.ts';
import type { Cause } from '../causes/define.ts';
import { causes } from '../causes/index.ts';
import type { Mark, Observation } from '../logs/observation.ts';
import type { Likelihood } from './likelihood/define.ts';
import { likelihoods } from './likelihood/index.ts';

/** A cause of the catalogue, weighed against one text. */
export interface Ranked {
  cause: Cause;
  /** One line, no final stop. */
  why: string;
  /** Sum of weights; only differences between two of one text mean anything. */
  score: number;
  /** What in the text speaks most for it, strongest first. */
  by: readonly Mark[];
}

const BASE: Record<BaseRate, number> = { common: 1, occasional: 0, rare: -1.5 };
/** An ending that the cause does not produce. */
const OTHER_END = -5;
const OTHER_STAGE = -2;
const OTHER_SIDE = -5;
/** What people say of the server beside the error counts for so much of what a wording shows. */
const MENTIONED = 0.6;
/** Marks that are claims about the server or the network, not circumstances. */
const CLAIMS: ReadonlySet<Mark> = new Set<Mark>([
  'crash',
  'killed',
  'out-of-memory',
  'restart',
  'backlog',
  'port-exhaustion',
  'health-check',
  'scanner',
  'firewall',
  'conntrack',
  'proxy-protocol',
  'http-version',
  'mtu',
]);
const isClaim = (mark: Mark): boolean => mark.startsWith('said-') || CLAIMS.has(mark);
/** A further member of a family that stands in the list already says little new. */
const SAME_FAMILY = 1.1;
/** Behind the first by more than this, a cause is not worth a line. */
const TOO_FAR = 6.5;
const MOST = 8;
/** A weight below this is not worth a reader’s time. */
const TELLING = 1;

/** Causes that may be behind an ending, most likely first. */
export function rank(seen: Observation): Ranked[] {
  // No packet was sent: no cause of the catalogue can be behind it.
  if (seen.end === 'lookup') return [];
  const weighed = causes.flatMap((cause): Ranked[] => {
    const likelihood = likelihoods[cause.id];
    if (likelihood === undefined || likelihood.impossible?.(seen) === true) return [];
    const score = BASE[cause.baseRate.is] + weigh(likelihood, seen);
    return [{ cause, why: likelihood.why, score, by: speaking(likelihood, seen) }];
  });
  return pick(weighed.sort((a, b) => b.score - a.score));
}

function weigh({ ends, stages, by, services, reporters, marks = {} }: Likelihood, seen: Observation): number {
  let score = ends[seen.end] ?? OTHER_END;
  if (seen.stage !== null) score += stages[seen.stage] ?? OTHER_STAGE;
  if (by !== undefined && seen.by !== null && seen.by !== by) score += OTHER_SIDE;
  score += services?.[seen.service] ?? 0;
  score += reporters?.[seen.reporter] ?? 0;
  for (const mark of seen.shown) score += marks[mark] ?? 0;
  for (const mark of seen.mentioned) score += (isClaim(mark) ? MENTIONED : 1) * (marks[mark] ?? 0);
  return score;
}

function speaking({ marks = {} }: Likelihood, seen: Observation): Mark[] {
  return [...seen.shown, ...seen.mentioned]
    .filter((mark) => (marks[mark] ?? 0) >= TELLING)
    .sort((a, b) => marks[b]! - marks[a]!);
}

/** Several members of one family say nearly the same, so each next one is put off a little. */
function pick(weighed: readonly Ranked[]): Ranked[] {
  const best = weighed[0]?.score ?? 0;
  const rest = weighed.filter(({ score }) => best - score < TOO_FAR);
  const picked: Ranked[] = [];
  while (picked.length < MOST && rest.length > 0) {
    const worth = ({ cause, score }: Ranked) =>
      score - SAME_FAMILY * picked.filter((other) => other.cause.family === cause.family).length;
    const next = rest.reduce((top, each) => (worth(each) > worth(top) ? each : top));
    picked.push(next);
    rest.splice(rest.indexOf(next), 1);
  }
  return picked;
}
