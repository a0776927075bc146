import type { GuardCore } from '../guard-core.ts';
import { IDLE_BUCKETS_MS } from '../stats.ts';
import { GRADES, IDLE_AGES, METRICS } from './metrics.ts';

/** The statistics in Prometheus' text format 0.0.4, to be served as `text/plain; version=0.0.4`. */
export function prometheusText(core: GuardCore): string {
  const now = core.now();
  const origins = [...core.origins].map((origin) => ({ origin, label: `origin="${escaped(origin.key)}"` }));
  const lines: string[] = [];
  for (const { name, help, kind, read } of METRICS) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`);
    for (const { origin, label } of origins) {
      const value = read(origin, now);
      if (value !== null) lines.push(`${name}{${label}} ${value}`);
    }
  }
  lines.push(`# HELP ${GRADES.name} ${GRADES.help}`, `# TYPE ${GRADES.name} counter`);
  for (const { origin, label } of origins)
    for (const [grade, count] of Object.entries(origin.stats.grades))
      lines.push(`${GRADES.name}{${label},grade="${grade}"} ${count}`);
  lines.push(`# HELP ${IDLE_AGES.name} ${IDLE_AGES.help}`, `# TYPE ${IDLE_AGES.name} histogram`);
  for (const { origin, label } of origins) {
    const { counts, sumMs } = origin.stats.idleAges;
    let sum = 0;
    for (const [at, count] of counts.entries()) {
      sum += count;
      const bound = IDLE_BUCKETS_MS[at];
      lines.push(
        `${IDLE_AGES.name}_bucket{${label},le="${bound === undefined ? '+Inf' : bound / 1000}"} ${sum}`,
      );
    }
    lines.push(`${IDLE_AGES.name}_sum{${label}} ${sumMs / 1000}`, `${IDLE_AGES.name}_count{${label}} ${sum}`);
  }
  return `${lines.join('\n')}\n`;
}

const escaped = (value: string) => value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
