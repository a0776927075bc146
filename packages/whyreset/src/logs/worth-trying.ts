import type { Wording } from './wording.ts';
import { products } from './wordings/index.ts';

export const wordings: readonly Wording[] = products.flatMap((product) => product.wordings);

const KEY = 4;

interface Needle {
  text: string;
  /** Index of the wording. */
  of: number;
}

/** Wordings that show no literal: tried on every text. */
const always: readonly number[] = wordings.flatMap(({ needles }, of) =>
  needles === null || needles.some(({ length }) => length < KEY) ? [of] : [],
);

/** Needles by their first characters. */
const byKey: ReadonlyMap<string, readonly Needle[]> = (() => {
  const map = new Map<string, Needle[]>();
  wordings.forEach(({ needles }, of) => {
    for (const text of needles ?? []) {
      const key = text.slice(0, KEY);
      map.set(key, [...(map.get(key) ?? []), { text, of }]);
    }
  });
  return map;
})();

/** The wordings of which the text holds a literal; the others cannot match. In their order. */
export function worthTrying(text: string): Wording[] {
  const lower = text.toLowerCase();
  const found = new Set(always);
  for (let at = 0; at + KEY <= lower.length; at++) {
    for (const { text: needle, of } of byKey.get(lower.slice(at, at + KEY)) ?? [])
      if (!found.has(of) && lower.startsWith(needle, at)) found.add(of);
  }
  return [...found].sort((a, b) => a - b).map((of) => wordings[of]!);
}
