import { thousands } from '../evidence/packets.ts';
import type { Finding } from '../verdict/result.ts';
import { type Column, grid } from './layout.ts';
import type { Pen } from './pen.ts';
import { surenessOf } from './words.ts';

/** Narrower than this, where it happened stands before what happened, not beside it. */
const OWN_COLUMN = 76;

/** `36 of 37`; `36` where the others were not counted. */
function extent({ count, total }: Finding): string {
  return total === null ? thousands(count) : `${thousands(count)} of ${thousands(total)}`;
}

/** `10.0.0.2:8080`, `10.0.0.2:8080 and others`. */
export function placeOf({ sharedBy, servers, clients, count }: Finding): string {
  const [first, second] =
    sharedBy === 'client' && clients.length > 0
      ? clients.map((c) => ({ name: c.address, count: c.count }))
      : servers.map((s) => ({ name: s.endpoint, count: s.count }));
  if (first === undefined) return '';
  return second === undefined && first.count >= count ? first.name : `${first.name} and others`;
}

/** All findings, a row each: how many connections, where, what, how sure. */
export function findingsTable(problems: readonly Finding[], pen: Pen): string[] {
  const { paint, safe } = pen;
  const apart = pen.width >= OWN_COLUMN;
  const rows = problems.map((finding, i) => {
    const place = safe(placeOf(finding));
    const what = safe(finding.title);
    const cells = [`${i + 1}`, extent(finding)];
    return [...cells, ...(apart ? [place, what] : [`${place}: ${what}`]), surenessOf(finding)];
  });
  const columns: Column[] = [
    { head: '#', align: 'right', style: paint.strong },
    { head: 'connections', align: 'right' },
    ...(apart ? [{ head: 'where', most: 0.3 }] : []),
    { head: 'what', fills: true },
    { head: 'how sure', most: 0.2 },
  ];
  return grid(columns, rows, pen);
}
