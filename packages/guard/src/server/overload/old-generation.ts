import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { isMainThread, resourceLimits } from 'node:worker_threads';

const MIB = 2 ** 20;

/**
 * The most that V8 keeps for its young generation where nobody sets it: three semi-spaces of 16 MiB on Node 20 and 22, of
 * 64 on 24, of 32 on 26; on a small machine at most a 64th of the old generation each (measured on 20.20, 22.23, 24.21, 26.10).
 */
const YOUNG = { most: 192 * MIB, share: 3 / 67 } as const;

/** `--max-old-space-size`, MiB; the last one holds, as V8 has it. Null where it is not set. */
export function oldSpaceOption(options: readonly string[]): number | null {
  const values = options.map((option) => /^--max[-_]old[-_]space[-_]size=(\d+)$/.exec(option)?.[1]);
  const last = values.findLast((value) => value !== undefined);
  return last ? Number(last) : null;
}

/**
 * The limit at which V8 gives up: that of its old generation. `heap_size_limit` is that and room for the young one, which
 * a full old generation cannot use; a process with `--max-old-space-size=128` dies at 0.57 of it on Node 26.
 */
function limit(): number {
  const { maxOldGenerationSizeMb } = resourceLimits;
  if (!isMainThread && maxOldGenerationSizeMb) return maxOldGenerationSizeMb * MIB;
  // Of the two the command line holds.
  const option = oldSpaceOption([...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv]);
  if (option) return option * MIB;
  const whole = getHeapStatistics().heap_size_limit;
  return whole - Math.min(YOUNG.most, whole * YOUNG.share);
}

const YOUNG_SPACES = new Set(['new_space', 'new_large_object_space']);

/**
 * Bytes in V8's old generation, and how many it may hold. Garbage is among them, but of a heap that is not about to burst
 * little is near the limit: V8 collects at the latest halfway between what was alive and the limit.
 */
export function oldGeneration(): { used: number; limit: number } {
  let used = 0;
  for (const { space_name, space_used_size } of getHeapSpaceStatistics())
    if (!YOUNG_SPACES.has(space_name)) used += space_used_size;
  return { used, limit: limit() };
}
