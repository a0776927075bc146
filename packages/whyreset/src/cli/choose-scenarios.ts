import type { Scenario } from '../lab/scenario.ts';
import { scenarios } from '../lab/scenarios/index.ts';
import { UsageError } from './exit.ts';

/** Scenarios by name, by the real server that they run, or all of them. Throws `UsageError`, with what was perhaps meant. */
export function chooseScenarios(names: readonly string[], real: string | undefined): Scenario[] {
  if (real !== undefined) return scenarios.filter(({ tools = {} }) => real in tools);
  if (names.includes('all')) return [...scenarios];
  return names.map((name) => {
    const found = scenarios.find(({ id }) => id === name);
    if (found !== undefined) return found;
    const close = closeTo(name).map(({ id }) => id);
    const perhaps = close.length > 0 ? `. Did you mean ${close.join(', ')}?` : '; whyreset lab lists them.';
    throw new UsageError(`There is no scenario '${name}'${perhaps}`);
  });
}

/** Those whose name holds these letters: `keep-alive` is what others write for `keepalive`. */
function closeTo(name: string): Scenario[] {
  const wanted = letters(name);
  return wanted === '' ? [] : scenarios.filter(({ id }) => letters(id).includes(wanted));
}

const letters = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
