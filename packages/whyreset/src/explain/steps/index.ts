import type { EndingId } from '../../logs/endings.ts';
import type { Ranked } from '../rank.ts';
import { causeSteps, endingSteps } from './causes.ts';
import type { ProductSteps } from './define.ts';
import { programs } from './programs.ts';
import { proxies } from './proxies.ts';
import { stores } from './stores.ts';

export const productSteps: readonly ProductSteps[] = [...stores, ...programs, ...proxies];
/** More than this is too long to work through. */
const MOST = 3;

/**
 * Where to look next, in order: in the products that the text is about, for the causes that lead.
 *
 * @param about the text, and the program that wrote the decisive line
 */
export function stepsFor(
  leading: readonly Ranked[],
  ending: EndingId,
  about: { text: string; program: string },
): string[] {
  const products = productSteps.filter(({ is }) => is.test(about.program) || is.test(about.text));
  const steps: string[] = [];
  const add = (step: string | undefined) => {
    if (step !== undefined && !steps.includes(step)) steps.push(step);
  };
  for (const { cause } of leading) {
    const fitting = products
      .map(({ steps: of }) => of[cause.id] ?? of[cause.family])
      .filter((step) => step !== undefined);
    for (const step of fitting.slice(0, 2)) add(step);
    if (fitting.length === 0) add(causeSteps[cause.id]);
  }
  add(endingSteps[ending]);
  const [own] = products;
  if (steps.length < MOST && !leading[0]?.cause.benign) add(own?.steps.any);
  return steps.slice(0, MOST);
}
