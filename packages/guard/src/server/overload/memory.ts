import { readFileSync } from 'node:fs';
import { oldGeneration } from './old-generation.ts';

const read = (path: string): number | null => {
  try {
    const text = readFileSync(path, 'latin1').trim();
    return /^\d+$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
};

/** Control group v2, as a container sees itself; "max" where nothing is limited. */
const LIMIT = '/sys/fs/cgroup/memory.max';

/** Bytes used and allowed: by the control group, where one limits, or else by V8's heap; the tighter of both. */
export function memoryUse(): { used: number; limit: number; of: 'control group' | 'V8 heap' } {
  const inHeap = { ...oldGeneration(), of: 'V8 heap' } as const;
  const limit = read(LIMIT);
  if (limit === null || limit === 0) return inHeap;
  // Resident pages of this process: the group also counts its page cache, which the kernel gives back.
  const inGroup = { used: process.memoryUsage.rss(), limit, of: 'control group' } as const;
  return inGroup.used / inGroup.limit > inHeap.used / inHeap.limit ? inGroup : inHeap;
}
