import { seconds, thousands } from '../evidence/packets.ts';
import type { Range } from './define.ts';

/** Values this close are one, relative. */
const SAME = 0.05;

/** `0.30 s`, or `0.30 s to 1.2 s` where they differ. */
export function rangeText({ min, max }: Range): string {
  return max - min <= SAME * max ? seconds(max) : `${seconds(min)} to ${seconds(max)}`;
}

/** The subject of a headline with its verb: `10.0.0.2:80 closes`, `3 servers close`. */
export function nameServers(servers: readonly string[], one = 'closes', many = 'close'): string {
  const [only] = servers;
  if (only === undefined) return `the server ${one}`;
  return servers.length === 1 ? `${only} ${one}` : `${thousands(servers.length)} servers ${many}`;
}
