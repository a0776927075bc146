import { FAILED } from './exit.ts';
import { run } from './run.ts';
import { watchStandardOutput } from './standard-output.ts';

watchStandardOutput(FAILED);
process.exitCode = await run(process.argv.slice(2));
