#!/usr/bin/env node
import module from 'node:module';

// Node 22.1 and later keep the compiled code on disk; Node 20 has no such cache and compiles at each start.
module.enableCompileCache?.();

// A file that exists before the first build, so that npm links the command in a fresh checkout.
try {
  await import('../dist/cli.js');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.url ?? error.message).includes('dist/cli.js'))
    throw error;
  process.stderr.write('whyreset: not built yet; run `npm run build` in the repository first.\n');
  process.exitCode = 2;
}
