import { CommanderError } from 'commander';
import { FAILED, OK, UsageError } from './exit.ts';
import { createProgram } from './program.ts';

/** `--counters` takes two values, which the parser knows of no option: given twice, it takes one each. */
function paired(args: readonly string[]): string[] {
  const out: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--') return [...out, ...args.slice(i)];
    if (args[i] !== '--counters') {
      out.push(args[i]!);
      continue;
    }
    const two = args.slice(i + 1, i + 3);
    if (two.length < 2 || two.some((value) => value.startsWith('-')))
      throw new UsageError('--counters takes two files: the counters before and the counters after.');
    for (const value of two) out.push('--counters', value);
    i += 2;
  }
  return out;
}

/** Runs one command line and gives its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  let code = OK;
  const program = createProgram((given) => {
    code = given;
  });
  try {
    await program.parseAsync(paired(args), { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? OK : FAILED;
    if (isReportable(error)) {
      process.stderr.write(`whyreset: ${error.message}\n`);
      return FAILED;
    }
    throw error;
  }
}

/** Errors that are the input's or the user's, with a stable code and a sentence of their own. */
function isReportable(error: unknown): error is Error {
  return error instanceof Error && ['UsageError', 'InputError', 'LabError'].includes(error.name);
}
