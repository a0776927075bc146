import { FAILED } from './exit.ts';
import { run } from './run.ts';
import { watchStandardOutput } from './standard-output.ts';

// The entry of the single executable, which is no module and cannot await (see scripts/build-executable.ts).
watchStandardOutput(FAILED);
run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    throw error;
  },
);
