import { type ClassId, classes, type Ended, type ErrorClass, type Family } from './classes.ts';
import { type Features, features } from './features.ts';
import { likely } from './likely.ts';
import { nextCommands } from './next-step.ts';
import { harmless, readable } from './normalise.ts';
import type { Pattern, Strength, Verified } from './pattern.ts';
import { patterns } from './patterns/index.ts';
import { classAtStage } from './stages.ts';

/** One wording that was found in the text. */
export interface Recognised {
  /** The part of the text that was recognised, made harmless to show. */
  recognised: string;
  /** Id of the pattern. */
  pattern: string;
  program: string;
  class: ClassId;
  ended: Ended;
}

/** What an error text says. Plain data. */
export interface TextExplanation extends Recognised {
  title: string;
  meaning: string;
  /** What cannot have happened; sentences. */
  rulesOut: string[];
  /** Likely causes by their letter in the taxonomy, most likely first. */
  families: Family[];
  /** What could make this explanation wrong; sentences. */
  caveats: string[];
  features: Features;
  /** Shell commands to run next, in order. */
  next: string[];
  /** `remembered` means that nobody has verified what this wording stands for. */
  verified: Verified;
  /** Other endings found in the same text, in the order of the text. */
  alsoSeen: Recognised[];
}

interface Match {
  pattern: Pattern;
  start: number;
  end: number;
}

/** Longer texts are cut: a log file is not an error text. */
export const textLimit = 1_000_000;
/** How far around a wording its wrappers, its fields and its host are looked for: a long Java trace fits. */
const reach = 8_000;
const weight: Record<Strength, number> = { hint: 1, cause: 2, exact: 3 };

/**
 * Says what an error text, a stack trace or a log line tells about how the connection ended. The most specific
 * wording wins, among equals the last one: in nested errors the innermost cause is printed last.
 *
 * @param text as printed or as a JSON string with escapes; what is beyond 1,000,000 characters is ignored
 * @returns null if nothing in the text is recognised
 */
export function explainText(text: string): TextExplanation | null {
  const plain = readable(text.slice(0, textLimit));
  const matches = withoutContained(patterns.flatMap((pattern) => lastMatch(pattern, plain)));
  const winner = matches.reduce<Match | null>((best, match) => (isBetter(match, best) ? match : best), null);
  if (!winner) return null;

  const around = plain.slice(Math.max(0, winner.start - reach), winner.end + reach);
  const { pattern } = winner;
  const found = recognised(winner, plain);
  const group: ErrorClass = classes[found.class];
  const seen = features(around);
  const { families, rulesOut } = likely({ ...group, families: pattern.families ?? group.families }, seen);
  return {
    ...found,
    title: group.title,
    meaning: pattern.says ? `${group.meaning} ${pattern.says}` : group.meaning,
    rulesOut,
    families: families.map((family) => ({ ...family })),
    caveats: [...(pattern.caveats ?? [])],
    features: seen,
    // The endpoint in such a line is the upstream, not the client whose connection ended.
    next: nextCommands(found.class === 'CLIENT-GONE' ? { host: null, port: null } : seen),
    verified: pattern.verified,
    alsoSeen: others(matches, found, plain),
  };
}

function lastMatch(pattern: Pattern, text: string): Match[] {
  let last: RegExpExecArray | null = null;
  for (const match of text.matchAll(pattern.regexp)) last = match;
  return last ? [{ pattern, start: last.index, end: last.index + last[0].length }] : [];
}

/** A wording inside a longer one that says at least as much ("Recv failure: Connection reset by peer") adds nothing. */
function withoutContained(matches: Match[]): Match[] {
  const holds = (outer: Match, inner: Match) =>
    outer.start <= inner.start &&
    inner.end <= outer.end &&
    outer.end - outer.start > inner.end - inner.start &&
    weight[outer.pattern.strength] >= weight[inner.pattern.strength];
  return matches.filter((inner) => !matches.some((outer) => holds(outer, inner)));
}

function isBetter(match: Match, best: Match | null): boolean {
  if (!best) return true;
  const more = weight[match.pattern.strength] - weight[best.pattern.strength];
  return more > 0 || (more === 0 && match.start > best.start);
}

function recognised({ pattern, start, end }: Match, text: string): Recognised {
  const around = text.slice(Math.max(0, start - reach), end + reach);
  const found = classAtStage(pattern.class, around);
  return {
    recognised: harmless(text.slice(start, end)),
    pattern: pattern.id,
    program: pattern.program,
    class: found,
    ended: pattern.ended ?? classes[found].ended,
  };
}

/** One entry for each further class, so that a log of many errors shows all its kinds. */
function others(matches: Match[], winner: Recognised, text: string): Recognised[] {
  const seen = new Set<ClassId>([winner.class, 'RESET-CODE']);
  const rest: Recognised[] = [];
  for (const match of matches.toSorted((a, b) => a.start - b.start)) {
    if (match.pattern.strength === 'hint') continue;
    const other = recognised(match, text);
    if (seen.has(other.class)) continue;
    seen.add(other.class);
    rest.push(other);
  }
  return rest;
}
