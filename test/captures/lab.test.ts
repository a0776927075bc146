import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkDiagnosis } from '../../packages/whyreset/src/lab/check.ts';
import { scenarios } from '../../packages/whyreset/src/lab/scenarios/index.ts';
import { root } from '../helpers/cli.ts';

const folder = join(root, 'test/captures/lab');
/** What is still told wrongly, and how; a repair of the verdict has to take its line out. */
const listed = join(root, 'test/captures/lab-not-yet.json');
const notYet = JSON.parse(readFileSync(listed, 'utf8')) as Record<string, Record<string, string> | undefined>;
/** `UPDATE_GOLDEN=1` takes out what is right by now; it never adds a line. */
const update = process.env.UPDATE_GOLDEN === '1';
const recorded = readdirSync(folder).sort();

/** Runs of the lab that were recorded and reviewed: the truth for everybody who cannot perform it. */
describe('recorded runs of the lab', () => {
  it('are of scenarios that exist', () => {
    const known = new Set(scenarios.map(({ id }) => id));
    expect(recorded.filter((id) => !known.has(id))).toEqual([]);
    expect(recorded.length).toBeGreaterThan(50);
  });

  afterAll(() => {
    if (!update) return;
    const left = Object.entries(notYet).filter(([, lines]) => Object.keys(lines!).length > 0);
    writeFileSync(listed, `${JSON.stringify(Object.fromEntries(left), null, 2)}\n`);
  });

  it('have no line in lab-not-yet.json that is no vantage of a recorded run', () => {
    expect(Object.keys(notYet).filter((id) => !recorded.includes(id))).toEqual([]);
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
    const known = notYet[id] ?? {};
    expect(
      checked
        .filter(({ vantage, wrong }) => wrong !== null && known[vantage] === undefined)
        .map(({ vantage, says, wrong }) => ({ vantage, says, wrong })),
    ).toEqual([]);
    // What the counters alone make wrong is not to be seen here: they are not kept.
    const repaired = checked.filter(
      ({ vantage, wrong }) => wrong === null && known[vantage] !== undefined && vantage !== 'kernel',
    );
    if (update) for (const { vantage } of repaired) delete known[vantage];
    else
      expect(
        repaired.map(({ vantage }) => `${id}, ${vantage}: right now, take it out of lab-not-yet.json`),
      ).toEqual([]);
    // Whatever it is called, no reset of an endpoint is blamed on a box between.
    const { resetBy, byFirewall, routerToo } = scenario.expect;
    if (resetBy === 'router' || byFirewall || routerToo) return;
    for (const { result, vantage } of checked)
      if (known[vantage] === undefined)
        expect(result.resets.filter(({ verdict, reset }) => reset && verdict.sender === 'middlebox')).toEqual(
          [],
        );
  });
});
