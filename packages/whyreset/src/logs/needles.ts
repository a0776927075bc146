/** A shorter literal stands in too many healthy lines to be worth looking for. */
const LEAST = 4;

/**
 * Literals of which a text must hold one for the expression to match, in lower case: for each alternative its longest
 * run of plain characters, or those of a group that cannot be missing. Looking for them first is many times faster
 * than trying every expression.
 *
 * @returns null where some alternative has none
 */
export function needlesOf(regexp: RegExp): string[] | null {
  return needlesIn(regexp.source);
}

function needlesIn(source: string): string[] | null {
  const needles: string[] = [];
  for (const alternative of alternatives(source)) {
    const best = required(alternative).reduce<string[] | null>(
      (top, each) => (isBetter(each, top) ? each : top),
      null,
    );
    if (best === null) return null;
    needles.push(...best);
  }
  return [...new Set(needles)];
}

const shortest = (set: readonly string[]): number => Math.min(...set.map(({ length }) => length));
const hasNumbers = (set: readonly string[]): boolean => set.every((needle) => /\d/.test(needle));
/** From this length on, words are as rare as numbers. */
const LONG = 9;

/** Numbers stand in fewer healthy lines than words do, long literals in fewer than short ones. */
function isBetter(set: string[], top: string[] | null): boolean {
  if (shortest(set) < LEAST) return false;
  if (top === null) return true;
  if (hasNumbers(set) !== hasNumbers(top))
    return hasNumbers(set) ? shortest(top) < LONG : shortest(set) >= LONG;
  return shortest(set) > shortest(top);
}

/** The parts between bars that stand in no group and no class. */
function alternatives(source: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < source.length; at = afterToken(source, at)) {
    if (source[at] !== '|') continue;
    parts.push(source.slice(from, at));
    from = at + 1;
  }
  return [...parts, source.slice(from)];
}

/** Where the next token begins: an escape, a class and a group are one each. */
function afterToken(source: string, at: number): number {
  const char = source[at];
  if (char === '\\') return at + 2;
  if (char === '[') {
    let end = at + 1;
    while (end < source.length && source[end] !== ']') end += source[end] === '\\' ? 2 : 1;
    return end + 1;
  }
  if (char === '(') {
    let end = at + 1;
    while (end < source.length && source[end] !== ')') end = afterToken(source, end);
    return end + 1;
  }
  return at + 1;
}

const ZERO_WIDTH = /^(?:\\[bB]|\^|\$)$/;
const QUANTIFIER = /^[?*+{]$/;

/** Sets of literals, of each of which one must be there: the runs of plain characters, and what groups need. */
function required(source: string): string[][] {
  const sets: string[][] = [];
  let run = '';
  const end = () => {
    if (run.length >= LEAST) sets.push([run.toLowerCase()]);
    run = '';
  };
  for (let at = 0; at < source.length; ) {
    const after = afterToken(source, at);
    const token = source.slice(at, after);
    at = after;
    if (ZERO_WIDTH.test(token)) continue;
    if (QUANTIFIER.test(token)) {
      // What may be missing is no part of the literal; "+" leaves one of it.
      if (token !== '+') run = run.slice(0, -1);
      end();
      if (token === '{') while (at < source.length && source[at - 1] !== '}') at++;
      continue;
    }
    const literal = token.length === 1 && token !== '.' ? token : escaped(token);
    if (literal !== null) {
      run += literal;
      continue;
    }
    end();
    if (token.startsWith('(?:') && !MAY_BE_MISSING.test(source.slice(at))) {
      const inner = needlesIn(token.slice(3, -1));
      if (inner !== null) sets.push(inner);
    }
  }
  end();
  return sets;
}

/** What stands behind a group that may be missing. */
const MAY_BE_MISSING = /^(?:[?*]|\{0)/;

/** The character that an escape stands for, if it stands for itself. */
const escaped = (token: string): string | null =>
  token.length === 2 && token[0] === '\\' && !/[a-zA-Z0-9]/.test(token[1]!) ? token[1]! : null;
