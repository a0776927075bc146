import { type EndingId, endingOf } from './endings.ts';
import { harmless } from './normalise.ts';
import type { Ended } from './observation.ts';
import { endingAtStage } from './stages.ts';
import type { Strength, Wording } from './wording.ts';
import { worthTrying } from './worth-trying.ts';

/** One wording that was found in a text. */
export interface Recognised {
  /** The part of the text that was recognised, made harmless to show. */
  recognised: string;
  /** Id of the wording. */
  pattern: string;
  program: string;
  class: EndingId;
  ended: Ended;
}

/** Where a wording stands in the text. */
export interface Match {
  wording: Wording;
  start: number;
  end: number;
}

/** All that was found in one text. */
export interface Recognition {
  /** What decides: the server's or a supervisor's own line before a symptom, the innermost symptom before its wrappers. */
  winner: Match;
  ending: EndingId;
  ended: Ended;
  /** In the order of the text, the winner among them. */
  matches: readonly Match[];
}

/** Characters on each side of a wording that belong to the same error. */
export const REACH = 1500;

const WEIGHT: Record<Strength, number> = { guess: 0, hint: 1, cause: 2, exact: 3, decisive: 4 };

export { wordings } from './worth-trying.ts';

/**
 * @param text readable text (see `readable`), short enough to be one error or one paste
 * @param guess whether everyday words count as well: for a text that a person pasted
 * @returns null if nothing in it is recognised
 */
export function recognise(text: string, guess = true): Recognition | null {
  const tried = worthTrying(text).filter(({ strength }) => guess || strength !== 'guess');
  const matches = withoutContained(tried.flatMap((wording) => lastMatch(wording, text)));
  const winner = matches.reduce<Match | null>((best, match) => (isBetter(match, best) ? match : best), null);
  if (winner === null) return null;
  const ending = endingIn(winner, text);
  return { winner, ending, ended: endedBy(winner, ending, matches, text), matches };
}

function lastMatch(wording: Wording, text: string): Match[] {
  let last: RegExpExecArray | null = null;
  for (const match of text.matchAll(wording.regexp)) last = match;
  return last ? [{ wording, start: last.index, end: last.index + last[0].length }] : [];
}

/** A wording inside a longer one that says at least as much ("Recv failure: Connection reset by peer") adds nothing. */
function withoutContained(matches: Match[]): Match[] {
  const holds = (outer: Match, inner: Match) =>
    outer.start <= inner.start &&
    inner.end <= outer.end &&
    outer.end - outer.start > inner.end - inner.start &&
    WEIGHT[outer.wording.strength] >= WEIGHT[inner.wording.strength];
  return matches
    .filter((inner) => !matches.some((outer) => holds(outer, inner)))
    .sort((a, b) => a.start - b.start);
}

function isBetter(match: Match, best: Match | null): boolean {
  if (!best) return true;
  const more = WEIGHT[match.wording.strength] - WEIGHT[best.wording.strength];
  if (more !== 0) return more > 0;
  // Of two wordings that begin together the longer one is the more precise.
  return match.start > best.start || (match.start === best.start && match.end > best.end);
}

export function endingIn({ wording, start, end }: Match, text: string): EndingId {
  return endingAtStage(wording.class, text.slice(Math.max(0, start - REACH), end + REACH));
}

/** How TCP ended it. What decides may not say; then the plainest symptom beside it does. */
function endedBy(winner: Match, ending: EndingId, matches: readonly Match[], text: string): Ended {
  const own = winner.wording.ended ?? endingOf(ending).ended;
  if (winner.wording.strength !== 'decisive' || own === 'fin' || own === 'rst') return own;
  for (const match of matches) {
    if (WEIGHT[match.wording.strength] < WEIGHT.exact) continue;
    const other = match.wording.ended ?? endingOf(endingIn(match, text)).ended;
    if (other === 'fin' || other === 'rst') return other;
  }
  return own;
}

/** A match as plain data. */
export function describe(match: Match, text: string): Recognised {
  const ending = endingIn(match, text);
  return {
    recognised: harmless(text.slice(match.start, match.end)),
    pattern: match.wording.id,
    program: match.wording.program,
    class: ending,
    ended: match.wording.ended ?? endingOf(ending).ended,
  };
}

/** One entry for each further ending, so that a paste of many errors shows all its kinds. */
export function others({ winner, ending, matches }: Recognition, text: string): Recognised[] {
  const seen = new Set<EndingId>([ending, 'RESET-CODE']);
  const rest: Recognised[] = [];
  for (const match of matches) {
    if (match === winner || WEIGHT[match.wording.strength] <= WEIGHT.hint) continue;
    const other = describe(match, text);
    if (seen.has(other.class)) continue;
    seen.add(other.class);
    rest.push(other);
  }
  return rest;
}
