import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Checked, checkDiagnosis, checkRun } from './check.ts';
import type { Outcome } from './perform.ts';
import { type Run, runScenario } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { Step } from './steps.ts';

/** A performed and diagnosed scenario. */
export interface Proof {
  run: Run;
  /** What is not as the scenario says, in sentences; empty when all is. */
  faults: string[];
  checked: Checked[];
}

export interface LabOptions {
  namespaces: boolean;
  /** A directory of this lab's own. */
  directory: string;
  began?: (step: Step) => void;
  done?: (step: Step, outcome: Outcome) => void;
}

/** scenario → real reset → real capture → diagnosis → the same cause. */
export async function prove(scenario: Scenario, options: LabOptions): Promise<Proof> {
  const directory = join(options.directory, scenario.id);
  mkdirSync(directory, { recursive: true });
  const run = await runScenario(scenario, { ...options, directory });
  return { run, faults: checkRun(run), checked: checkDiagnosis(run) };
}
