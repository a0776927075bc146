import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { oldSpaceOption } from './old-generation.ts';

it.each([
  [[], null],
  [['--enable-source-maps'], null],
  [['--max-old-space-size=512'], 512],
  [['--max_old_space_size=512', '--max-old-space-size=256'], 256],
])('of %j the old space is %s MiB', (options, expected) => expect(oldSpaceOption(options)).toBe(expected));

/** What a process of its own says, after it has filled its heap by megabytes. */
function told(options: string[], env: Record<string, string>, megabytes: number) {
  const module = fileURLToPath(new URL('old-generation.ts', import.meta.url));
  const program = `
    import { oldGeneration } from ${JSON.stringify(module)};
    globalThis.held = Array.from({ length: ${megabytes} }, () => new Array(2 ** 17).fill(0.5));
    gc(); // The latest are in the young generation, 64 MiB of them on Node 24,
    gc(); // and move when they have survived twice.
    console.log(JSON.stringify(oldGeneration()));`;
  const arguments_ = [...options, '--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', program];
  const output = execFileSync(process.execPath, arguments_, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  const { used, limit } = JSON.parse(output) as { used: number; limit: number };
  return { used: used / 2 ** 20, limit: limit / 2 ** 20 };
}

it('counts what is held against the limit that V8 was given', () => {
  const { used, limit } = told(
    ['--max-old-space-size=200'],
    { NODE_OPTIONS: '--max-old-space-size=300' },
    150,
  );
  expect(limit).toBe(200);
  expect(used).toBeGreaterThan(150);
  expect(used).toBeLessThan(200);
  expect(told([], { NODE_OPTIONS: '--max-old-space-size=300' }, 1).limit).toBe(300);
});
