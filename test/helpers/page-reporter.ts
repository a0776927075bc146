import { relative } from 'node:path';
import { DefaultReporter, type TestModule } from 'vitest/node';
import { root } from './cli.ts';

/** Files whose time is named. */
const SLOWEST = 8;

/**
 * One page: what failed, in full; what was skipped, with its reason, which stands in the name of the test; the
 * slowest files; and the totals. Hundreds of files that passed are counted alone.
 */
export default class PageReporter extends DefaultReporter {
  constructor() {
    super({ summary: false });
  }

  override printTestModule(module: TestModule): void {
    if (module.state() === 'failed') super.printTestModule(module);
  }

  override reportSummary(...parameters: Parameters<DefaultReporter['reportSummary']>): void {
    const modules = this.ctx.state.getTestModules();
    const slowest = modules
      .map((module) => ({ module, seconds: module.diagnostic().duration / 1000 }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, SLOWEST);
    this.log('Slowest files');
    for (const { module, seconds } of slowest)
      this.log(`${seconds.toFixed(1).padStart(7)} s  ${relative(root, module.moduleId)}`);
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    const reasons = new Map<string, number>();
    for (const test of skipped) {
      const { note } = test.result() as { note?: string };
      const reason = note ?? /skipped: ([^)]*)/.exec(test.fullName)?.[1] ?? test.fullName;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (reasons.size > 0) this.log('\nSkipped');
    for (const [reason, count] of reasons) this.log(`${String(count).padStart(7)}    ${reason}`);
    super.reportSummary(...parameters);
  }
}
