/**
 * Runs the checks on the Node that runs it: the kernel asked in the way of the first argument, over the undici at the
 * path in the second, or Node's own; prints JSON.
 */
import { pathToFileURL } from 'node:url';
import { GuardCore, type KernelBackend } from '@whyreset/guard';
import { startFaultServer } from '../helpers/fault-server.ts';
import { checkVersion, type Undici } from './check.ts';

const kernel = process.argv[2] as KernelBackend | 'auto';
const path = process.argv[3];
const server = await startFaultServer();
const undici = path ? ((await import(pathToFileURL(path).href)).default as Undici) : null;
const result = {
  kernel: new GuardCore({ kernel }).kernel.backend,
  failures: await checkVersion(undici, server, kernel),
};
await server.stop();
process.stdout.write(JSON.stringify(result), () => process.exit());
