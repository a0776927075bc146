import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Proof } from './lab.ts';
import type { Run } from './run.ts';

/** What truth.json holds: how the run was to be, and what it was. */
function truthOf({ run, faults, checked }: Proof) {
  const { id, title, expect } = run.scenario;
  const { error, says, ...expected } = expect;
  return {
    scenario: id,
    title,
    addresses: run.addresses,
    expected: {
      ...expected,
      error: error === null ? null : { ...error, ...(error.message && { message: error.message.source }) },
    },
    observed: { errors: run.words, counters: run.counters, faults },
    diagnoses: checked.map(({ vantage, grade, family, says, wrong }) => ({
      vantage,
      grade,
      family,
      says,
      wrong,
    })),
  };
}

/** The files that `diagnose` takes: both captures (and the router's), the kernel's trace, the counters of each host; and the truth. */
export function filesOf(proof: Proof): Record<string, string | Uint8Array> {
  const { captures, trace, readings, words }: Run = proof.run;
  const files: Record<string, string | Uint8Array> = {
    'truth.json': `${JSON.stringify(truthOf(proof), null, 2)}\n`,
    'error.txt': words.map(({ host, as, message, code }) => `${host} ${as}: ${message} [${code}]\n`).join(''),
  };
  if (captures !== null) {
    files['client.pcapng'] = captures.client.bytes;
    files['server.pcapng'] = captures.server.bytes;
    if (captures.router !== undefined) files['router.pcapng'] = captures.router.bytes;
  }
  if (trace !== null) files['trace.txt'] = trace.map((line) => `${line}\n`).join('');
  for (const [host, { before, after }] of Object.entries(readings)) {
    files[`${host}-counters-before.txt`] = before;
    files[`${host}-counters-after.txt`] = after;
  }
  return files;
}

/** Writes a run's files to a directory of its own below `directory`. */
export function record(proof: Proof, directory: string): void {
  const own = join(directory, proof.run.scenario.id);
  mkdirSync(own, { recursive: true });
  for (const [name, content] of Object.entries(filesOf(proof))) writeFileSync(join(own, name), content);
}
