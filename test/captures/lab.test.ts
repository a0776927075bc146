import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDiagnosis } from '../../packages/whyreset/src/lab/check.ts';
import { scenarios } from '../../packages/whyreset/src/lab/scenarios/index.ts';
import { root } from '../helpers/cli.ts';

const folder = join(root, 'test/captures/lab');
const recorded = readdirSync(folder).sort();

/** Runs of the lab that were recorded and reviewed: the truth for everybody who cannot perform it. */
describe('recorded runs of the lab', () => {
  it('are of scenarios that exist', () => {
    const known = new Set(scenarios.map(({ id }) => id));
    expect(recorded.filter((id) => !known.has(id))).toEqual([]);
    expect(recorded.length).toBeGreaterThan(50);
  });

  it.each(recorded)('%s is told from each vantage as it was made', (id) => {
    const read = (name: string) => readFileSync(join(folder, id, name));
    const scenario = scenarios.find((each) => each.id === id)!;
    const trace = existsSync(join(folder, id, 'trace.txt'))
      ? read('trace.txt').toString().split('\n').filter(Boolean)
      : null;
    const { addresses } = JSON.parse(read('truth.json').toString());
    const captures = {
      client: { bytes: read('client.pcapng') },
      server: { bytes: read('server.pcapng') },
      ...(existsSync(join(folder, id, 'router.pcapng')) && { router: { bytes: read('router.pcapng') } }),
    };
    const checked = checkDiagnosis({ scenario, captures, trace, readings: {}, addresses });
    expect(
      checked
        .filter(({ wrong }) => wrong !== null)
        .map(({ vantage, says, wrong }) => ({ vantage, says, wrong })),
    ).toEqual([]);
    // Whatever it is called, no reset of an endpoint is blamed on a box between.
    const { resetBy, byFirewall, routerToo } = scenario.expect;
    if (resetBy === 'router' || byFirewall || routerToo) return;
    for (const { result } of checked)
      expect(result.resets.filter(({ verdict, reset }) => reset && verdict.sender === 'middlebox')).toEqual(
        [],
      );
  });
});
