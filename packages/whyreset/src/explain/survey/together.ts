import type { Group } from './group.ts';

/** One kind of ending that comes in the same seconds as another. */
export interface Companion {
  /** Position of the other group. */
  group: number;
  /** Share of this group's seconds in which the other was seen as well, within a second. */
  share: number;
}

/** Fewer coincidences are chance. */
const LEAST_SHARE = 0.5;
const FEWEST = 2;

/** For each group, the groups that it comes together with, most often first. */
export function companions(groups: readonly Group[]): Companion[][] {
  const span = spanOf(groups);
  return groups.map((one, at) =>
    groups
      .flatMap((other, group): Companion[] => {
        if (group === at || one.seconds.size === 0) return [];
        const together = [...one.seconds].filter((second) => near(other, second)).length;
        const share = together / one.seconds.size;
        const chance = Math.min(1, (3 * other.seconds.size) / span);
        return share >= LEAST_SHARE && share > 2 * chance && (together >= FEWEST || one.seconds.size === 1)
          ? [{ group, share }]
          : [];
      })
      .sort((a, b) => b.share - a.share)
      .slice(0, 3),
  );
}

const near = ({ seconds }: Group, second: number): boolean =>
  seconds.has(second) || seconds.has(second - 1) || seconds.has(second + 1);

/** Seconds from the first ending of all to the last: what chance is measured against. */
function spanOf(groups: readonly Group[]): number {
  const firsts = groups.flatMap(({ first }) => first ?? []);
  const lasts = groups.flatMap(({ last }) => last ?? []);
  return Math.max(1, Math.max(...lasts) - Math.min(...firsts));
}
