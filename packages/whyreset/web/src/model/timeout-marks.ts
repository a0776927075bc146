import { timeouts } from '@whyreset/guard/timeouts';

/** A known timeout beside which the measured values stand. */
export interface Mark {
  seconds: number;
  label: string;
}

const MOST = 4;
/** Marks nearer to each other than by this factor would print over each other. */
const APART = 2.2;
/** A timeout further from the values than by this factor is no explanation of them. */
const NEAR = 12;

type Kind = (typeof timeouts)[number]['what'];

/** Whose timeouts each measure stands among. */
const KINDS: Readonly<Record<string, readonly Kind[]>> = {
  idle: ['server-keepalive', 'lb-idle', 'nat-idle', 'conntrack'],
  late: ['client-keepalive', 'upstream-keepalive'],
  wait: ['request', 'header', 'lb-idle'],
  elapsed: ['header', 'request'],
  quiet: ['server-keepalive', 'lb-idle'],
};

const distance = (a: number, b: number) => Math.abs(Math.log(a / b));

/** `nginx (keepalive_timeout)` → `nginx`. */
const shortName = (product: string) => product.replace(/[(,:].*$/, '').trim();

/** The known timeouts nearest to a value of a measure, at most one for each length, shortest first. */
export function marksNear(measure: string, value: number): Mark[] {
  const kinds = KINDS[measure] ?? [];
  const byLength = new Map<number, string[]>();
  for (const { product, unit, defaultSeconds, what } of timeouts) {
    if (unit !== 'seconds' || defaultSeconds === null || defaultSeconds <= 0 || !kinds.includes(what))
      continue;
    byLength.set(defaultSeconds, [...(byLength.get(defaultSeconds) ?? []), shortName(product)]);
  }
  const nearest = [...byLength].sort((a, b) => distance(a[0], value) - distance(b[0], value));
  const marks: Mark[] = [];
  for (const [seconds, products] of nearest) {
    if (marks.length >= MOST || distance(seconds, value) > Math.log(NEAR)) break;
    if (marks.some((mark) => distance(mark.seconds, seconds) < Math.log(APART))) continue;
    const shortest = [...new Set(products)].sort((a, b) => a.length - b.length)[0]!;
    marks.push({ seconds, label: `${seconds} s ${shortest}` });
  }
  return marks.sort((a, b) => a.seconds - b.seconds);
}
