import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelTrace } from '../../lab/kernel-trace.ts';
import { type Proof, prove } from '../../lab/lab.ts';
import { LabError } from '../../lab/lab-error.ts';
import { enter, inside, onInterrupt, rights, sweep } from '../../lab/machine.ts';
import type { Scenario } from '../../lab/scenario.ts';
import { scenarios } from '../../lab/scenarios/index.ts';
import {
  renderCatalogue,
  renderCheck,
  renderCheckHead,
  renderHead,
  renderRun,
  renderStep,
} from '../../lab/tell.ts';
import { installed } from '../../lab/tool.ts';
import { chooseScenarios } from '../choose-scenarios.ts';
import { FAILED, OK, PROBLEMS, UsageError } from '../exit.ts';
import { terminal } from '../terminal.ts';

export interface LabCommandOptions {
  record?: string;
  real?: string;
  check?: boolean;
  explain?: boolean;
}

/** `whyreset lab`: makes causes happen for real, and diagnoses what came of it. */
export async function labCommand(names: readonly string[], options: LabCommandOptions): Promise<number> {
  if (names.length === 0 && options.real === undefined) {
    process.stdout.write(renderCatalogue(scenarios, terminal()));
    return OK;
  }
  const wanted = chooseScenarios(names, options.real);
  const directory = inside();
  if (directory !== null) {
    onInterrupt(() => KernelTrace.closeAll());
    return await performAll(wanted, { namespaces: true, directory }, options);
  }
  if (isTable(wanted, options)) process.stdout.write(renderCheckHead(terminal()));
  const allowed = rights();
  if (allowed.namespaces) return await enterAll(wanted, allowed.flags, options);

  const able = wanted.filter(({ needs }) => needs === 'nothing');
  if (able.length < wanted.length && names.length === 1 && names[0] !== 'all')
    throw new UsageError(`'${names[0]}' needs network namespaces, and ${allowed.why}. Run it as root.`);
  process.stderr.write(`whyreset: ${allowed.why}: on loopback only, and nothing can be recorded.\n`);
  const own = mkdtempSync(join(tmpdir(), 'whyreset-lab-'));
  try {
    return await performAll(able, { namespaces: false, directory: own }, options);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** More than these are shared out among several labs at once: most of their time is waiting. */
const FEW = 12;
const LABS = 3;

async function enterAll(
  wanted: readonly Scenario[],
  flags: readonly string[],
  { record, check = false, explain = false }: LabCommandOptions,
): Promise<number> {
  sweep();
  const labs = wanted.length <= FEW ? 1 : LABS;
  const options = [
    ...(record === undefined ? [] : ['--record', record]),
    ...(check ? ['--check'] : []),
    ...(explain ? ['--explain'] : []),
  ];
  const shares = Array.from({ length: labs }, (_, share) =>
    wanted.filter((_scenario, i) => i % labs === share),
  );
  const codes = await Promise.all(
    shares.map((share, at) =>
      // Alone it has the usual addresses; several at once, and several such commands, keep out of each other's way.
      enter(
        flags,
        ['lab', ...share.map(({ id }) => id), ...options],
        labs === 1 ? 0 : 1 + ((process.pid * LABS + at) % 22),
      ),
    ),
  );
  return Math.max(...codes);
}

const isTable = (wanted: readonly Scenario[], { check }: LabCommandOptions) =>
  wanted.length > 1 || check === true;

interface Place {
  namespaces: boolean;
  directory: string;
}

async function performAll(
  wanted: readonly Scenario[],
  place: Place,
  options: LabCommandOptions,
): Promise<number> {
  const table = isTable(wanted, options);
  let wrong = 0;
  for (const scenario of wanted) {
    const lacking = Object.entries(scenario.tools ?? {}).filter(([command]) => !installed(command));
    if (lacking.length > 0) {
      const [[command, name]] = lacking as [[string, string]];
      process.stderr.write(
        `whyreset: ${scenario.id} is left out: it runs ${command}, which is not installed here (apt-get install ${name}).\n`,
      );
      if (wanted.length === 1) return FAILED;
      continue;
    }
    const proof = table ? await tabled(scenario, place) : await narrated(scenario, place, options);
    if (proof === null || proof.faults.length > 0 || proof.checked.some(({ grade }) => grade === 'wrong'))
      wrong++;
    if (proof !== null && options.record !== undefined) {
      const { record } = await import('../../lab/record.ts');
      record(proof, options.record);
    }
  }
  return wrong > 0 ? PROBLEMS : OK;
}

/** One line of the table; null when the scenario could not be performed, which does not keep the others from it. */
async function tabled(scenario: Scenario, place: Place): Promise<Proof | null> {
  try {
    const proof = await prove(scenario, place);
    process.stdout.write(renderCheck(scenario, proof.checked, proof.faults, terminal()));
    return proof;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    process.stdout.write(renderCheck(scenario, [], [error.message], terminal()));
    return null;
  }
}

async function narrated(
  scenario: Scenario,
  place: Place,
  { explain = false }: LabCommandOptions,
): Promise<Proof> {
  const begin = performance.now();
  const print = (text: string) => process.stdout.write(text);
  print(renderHead(scenario, terminal()));
  const proof = await prove(scenario, {
    ...place,
    done: (step, outcome) => print(renderStep(step, outcome, (performance.now() - begin) / 1000, terminal())),
  });
  print(renderRun(proof.run, proof.checked, { ...terminal(), explain }));
  for (const fault of proof.faults) process.stderr.write(`whyreset: not as expected: ${fault}\n`);
  return proof;
}
