import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // A door of a package before the package: the first prefix that fits is taken.
    alias: {
      '@whyreset/guard/timeouts': fileURLToPath(
        new URL('packages/guard/src/known-timeouts.ts', import.meta.url),
      ),
      '@whyreset/guard/server': fileURLToPath(new URL('packages/guard/src/server/index.ts', import.meta.url)),
      '@whyreset/guard': fileURLToPath(new URL('packages/guard/src/index.ts', import.meta.url)),
    },
  },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/helpers/seed.ts'],
    testTimeout: 30_000,
  },
});
