import type { Mark, Observation } from '../logs/observation.ts';
import { type Ranked, rank } from './rank.ts';

/** What a maintainer asks first, with the answers that move the list. */
export interface Question {
  /** Also the name of the option that answers it: `--interval fixed`. */
  id: string;
  ask: string;
  answers: readonly { id: string; says: string; marks: readonly Mark[] }[];
}

export const questions: readonly Question[] = [
  {
    id: 'idle',
    ask: 'Was the connection idle for a minute or longer before it failed?',
    answers: [
      { id: 'yes', says: 'yes, it was idle', marks: ['idle-before', 'reused'] },
      { id: 'no', says: 'no, it was busy', marks: ['long-request'] },
    ],
  },
  {
    id: 'reused',
    ask: 'Does it hit a reused connection or a new one (does it stop with keep-alive off)?',
    answers: [
      { id: 'reused', says: 'a reused one', marks: ['reused', 'pool'] },
      { id: 'new', says: 'a new one, or it goes on with keep-alive off', marks: ['fresh'] },
    ],
  },
  {
    id: 'interval',
    ask: 'Does it come at a fixed interval, or at irregular times?',
    answers: [
      { id: 'fixed', says: 'at a fixed interval', marks: ['interval', 'idle-before'] },
      { id: 'random', says: 'at irregular times', marks: ['random'] },
    ],
  },
  {
    id: 'size',
    ask: 'Does it fail only with large bodies or answers, while small ones pass?',
    answers: [
      { id: 'large', says: 'only with large ones', marks: ['large-only', 'large-body', 'upload'] },
      { id: 'any', says: 'with any size', marks: [] },
    ],
  },
  {
    id: 'path',
    ask: 'What lies between the two: nothing, a NAT or firewall, a balancer, Kubernetes, a VPN?',
    answers: [
      { id: 'nothing', says: 'nothing, the same network', marks: ['localhost'] },
      { id: 'firewall', says: 'a NAT or firewall', marks: ['firewall'] },
      { id: 'balancer', says: 'a balancer or proxy', marks: ['balancer'] },
      { id: 'kubernetes', says: 'Kubernetes', marks: ['kubernetes', 'conntrack'] },
      { id: 'vpn', says: 'a VPN or tunnel', marks: ['vpn', 'mtu'] },
    ],
  },
  {
    id: 'restart',
    ask: 'Was the server restarted, deployed or killed in that minute, or did many clients fail at once?',
    answers: [
      { id: 'yes', says: 'yes', marks: ['restart', 'many-at-once'] },
      { id: 'no', says: 'no', marks: [] },
    ],
  },
  {
    id: 'load',
    ask: 'Does it come only under load?',
    answers: [
      { id: 'yes', says: 'yes, under load', marks: ['concurrent'] },
      { id: 'no', says: 'no, also when it is quiet', marks: ['idle-before'] },
    ],
  },
];

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
    if (asked.has(question.id) || known) continue;
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
