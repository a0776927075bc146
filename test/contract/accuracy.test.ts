import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scenarios } from '../../packages/whyreset/src/lab/scenarios/index.ts';
import { root } from '../helpers/cli.ts';

// `npm run accuracy -- --check` performs the lab and holds this page against it; here it is held against the catalogue.
const page = readFileSync(join(root, 'docs/accuracy.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([^`]+)` \|([^|]*)\| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$/gm)];

it('docs/accuracy.md has a row for every scenario, and none is wrong', () => {
  expect(rows.map(([, id]) => id).sort()).toEqual(scenarios.map(({ id }) => id).sort());
  expect(rows.filter((cells) => cells.includes('wrong')).map(([, id]) => id)).toEqual([]);
});

it.each(rows.map(([, id, truth]) => ({ id: id!, truth: truth! })))(
  '$id names its truth there',
  ({ id, truth }) => {
    const { client, server, both } = scenarios.find((scenario) => scenario.id === id)!.expect.truth;
    const cause = both.causes[0] ?? server.causes[0] ?? client.causes[0];
    expect(truth).toContain(cause ?? 'nothing is wrong');
  },
);
