import { LabError } from './lab-error.ts';

/** How long any condition may take before the scenario is given up. */
const DEADLINE = 30_000;

/** Waits until `holds` is true; looks every millisecond, so that nothing has to guess how long a thing takes. */
export async function until(what: string, holds: () => boolean, withinMs = DEADLINE): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > deadline)
      throw new LabError('lab-waited-in-vain', `Waited ${withinMs / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
