import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { causes } from '../../packages/whyreset/src/causes/index.ts';
import { narrate } from '../../packages/whyreset/src/lab/narrate.ts';
import { scenarios } from '../../packages/whyreset/src/lab/scenarios/index.ts';

const folder = fileURLToPath(new URL('../../packages/whyreset/src/lab/scenarios/', import.meta.url));
const ids = new Set(causes.map(({ id }) => id));

describe('the scenarios', () => {
  it('are one per file, named by it', () => {
    const files = readdirSync(folder).filter((name) => name !== 'index.ts');
    expect(scenarios.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
  });

  it('make every cause of the catalogue, or say why not', () => {
    const made = new Set(
      scenarios.flatMap(({ expect: { truth } }) =>
        [truth.client, truth.server, truth.both].map((t) => t.causes[0]),
      ),
    );
    expect(
      causes.filter(({ id, scenario }) => !made.has(id) && typeof scenario === 'string').map(({ id }) => id),
    ).toEqual([]);
  });

  it('are where the causes point', () => {
    const known = new Set(scenarios.map(({ id }) => id));
    expect(
      causes
        .filter(({ scenario }) => typeof scenario === 'string' && !known.has(scenario))
        .map(({ id }) => id),
    ).toEqual([]);
  });

  it.each(scenarios)(
    '$id names causes that exist, and tells its steps',
    ({ title, shows, steps, expect: { truth } }) => {
      expect(title).toMatch(/^\S.*[^.]$/);
      expect(shows).toMatch(/\.$/);
      for (const { causes: named } of [truth.client, truth.server, truth.both])
        expect(named.filter((id) => !ids.has(id))).toEqual([]);
      for (const step of steps) expect(narrate(step)).toMatch(/^\S/);
    },
  );

  it.each(scenarios)('$id waits for things, not for time, unless time is what happens', ({ steps }) => {
    for (const step of steps) if (step.act === 'silence') expect(step.because.length).toBeGreaterThan(8);
  });
});
