import type { Wording } from './wording.ts';
import { products } from './wordings/index.ts';

export const wordings: readonly Wording[] = products.flatMap((product) => product.wordings);

const KEY = 4;

interface Needle {
  text: string;
  /** Index of the wording. */
  of: number;
}

/** How a wording is found by its literals. */
interface Index {
  /** Wordings that show no literal: tried on every text. */
  always: readonly number[];
  /** Needles by their first characters. */
  byKey: ReadonlyMap<string, readonly Needle[]>;
}

/** Made by the first text: every command loads this file, few of them read a text. */
let index: Index | null = null;

function makeIndex(): Index {
  const always: number[] = [];
  const byKey = new Map<string, Needle[]>();
  wordings.forEach(({ needles }, of) => {
    if (needles === null || needles.some(({ length }) => length < KEY)) always.push(of);
    for (const text of needles ?? []) {
      const key = text.slice(0, KEY);
      byKey.set(key, [...(byKey.get(key) ?? []), { text, of }]);
    }
  });
  return { always, byKey };
}

/** The wordings of which the text holds a literal; the others cannot match. In their order. */
export function worthTrying(text: string): Wording[] {
  index ??= makeIndex();
  const { always, byKey } = index;
  const lower = text.toLowerCase();
  const found = new Set(always);
  for (let at = 0; at + KEY <= lower.length; at++) {
    for (const { text: needle, of } of byKey.get(lower.slice(at, at + KEY)) ?? [])
      if (!found.has(of) && lower.startsWith(needle, at)) found.add(of);
  }
  return [...found].sort((a, b) => a - b).map((of) => wordings[of]!);
}
