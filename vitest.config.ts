import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A door of a package before the package: the first prefix that fits is taken. */
const alias = {
  '@whyreset/guard/timeouts': source('packages/guard/src/known-timeouts.ts'),
  '@whyreset/guard/server': source('packages/guard/src/server/index.ts'),
  '@whyreset/guard': source('packages/guard/src/index.ts'),
};

/** Tests that start processes, open sockets or wait: each file for itself. */
const APART = [
  'packages/guard/src/**/*.test.ts',
  'packages/whyreset/src/{lab,capture,cli}/**/*.test.ts',
  'test/{cli,golden,guard,lab,live,packages,web}/**/*.test.ts',
];

const common = { setupFiles: ['test/helpers/seed.ts'], testTimeout: 30_000 };

export default defineConfig({
  test: {
    // Vitest leaves one core of two idle. Most of the long files wait for timers and processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: process.env.VERBOSE === undefined ? ['./test/helpers/page-reporter.ts'] : ['verbose'],
    projects: [
      {
        resolve: { alias },
        test: {
          ...common,
          name: 'pure',
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: APART,
          // The catalogue is loaded once for all of them: half of their time was loading it, file by file.
          isolate: false,
        },
      },
      { resolve: { alias }, test: { ...common, name: 'apart', include: APART } },
    ],
  },
});
