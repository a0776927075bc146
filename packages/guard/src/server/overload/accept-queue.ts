import { readFileSync } from 'node:fs';

/**
 * How often, since boot and over the whole network namespace, a connection found an accept queue full
 * (ListenOverflows) and how often one was dropped on arrival for whatever reason (ListenDrops); null where
 * /proc/net/netstat cannot be read.
 */
export function acceptQueueCounters(
  path = '/proc/self/net/netstat',
): { overflows: number; drops: number } | null {
  try {
    const [names, values] = readFileSync(path, 'latin1')
      .split('\n')
      .filter((line) => line.startsWith('TcpExt:'))
      .map((line) => line.split(' '));
    const of = (name: string) => Number(values![names!.indexOf(name)]);
    const counters = { overflows: of('ListenOverflows'), drops: of('ListenDrops') };
    return Number.isFinite(counters.overflows) && Number.isFinite(counters.drops) ? counters : null;
  } catch {
    return null;
  }
}
