import { findCause } from '../causes/find.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import type { Family, Trouble } from '../families/define.ts';
import type { Certainty, Finding, FindingMember } from './result.ts';
import { capital, inSentence, stopped } from './sentence.ts';

const SURE: readonly Certainty[] = ['proven', 'likely', 'possible', 'undetermined'];

/** `36 of 37 connections lost in 30 s.`; nothing for the only connection of its server. */
function extent({ count, total, span }: Trouble, outcome: string): string {
  if (count === 1 && (total === null || total <= 1)) return '';
  const of =
    total !== null && total >= count ? `${thousands(count)} of ${thousands(total)}` : thousands(count);
  const noun = (total ?? count) === 1 ? 'connection' : 'connections';
  const when = count === 1 ? '' : span >= 1 ? ` in ${seconds(span)}` : ' within 1 s';
  return `${of} ${noun} ${outcome}${when}.`;
}

/** How many connections the members hold for, by certainty. */
export function certainties(members: readonly FindingMember[]): Record<Certainty, number> {
  const sums: Record<Certainty, number> = { proven: 0, likely: 0, possible: 0, undetermined: 0 };
  for (const { count } of members) for (const c of SURE) sums[c] += count[c];
  return sums;
}

/** `Proven.`, or `Proven for 23, likely for 13.` */
function sureness(members: readonly FindingMember[], count: number): string {
  const sums = certainties(members);
  const open = count - sums.proven - sums.likely - sums.possible;
  const parts = (['proven', 'likely', 'possible'] as const).filter((c) => sums[c] > 0);
  const [only] = parts;
  if (only !== undefined && parts.length === 1 && open === 0) return `${capital(only)}.`;
  const said = parts.map((c) => `${c} for ${thousands(sums[c])}`);
  return said.length === 0 ? '' : `${capital(said.join(', '))}.`;
}

/** `Most likely: socket closed with unread data.` where one is put before the others, `` where none is. */
function mostLikely([first]: readonly FindingMember[]): string {
  return first === undefined || first.count.possible === 0 ? '' : `Most likely: ${inSentence(first.title)}.`;
}

/**
 * The answer in words. A cause that is at least likely is stated with its
 * numbers; otherwise the family's statement leads, then what is most likely.
 */
export function headlineOf(
  family: Family | null,
  trouble: Trouble,
  members: readonly FindingMember[],
  statement: string | null,
  sharedBy: Finding['sharedBy'],
): string {
  const outcome = family?.outcome ?? (family?.benign === true ? 'ended so' : 'lost');
  if (family === null)
    return [
      `${stopped(capital(statement ?? 'Nothing in the packets says why the connection ended'))}`,
      extent(trouble, outcome),
    ]
      .filter((part) => part !== '')
      .join(' ');
  if (family.isEvent === true) return stopped(capital(family.headline(trouble)));
  const { proven, likely } = certainties(members);
  const settled = proven + likely > 0;
  const cause = trouble.cause === null ? null : findCause(trouble.cause);
  const parts = settled
    ? [
        stopped(capital(cause?.headline(trouble.facts) ?? family.headline(trouble))),
        extent(trouble, outcome),
        sureness(members, trouble.count),
      ]
    : [stopped(capital(statement ?? family.title)), extent(trouble, outcome), mostLikely(members)];
  const { length: servers } = trouble.servers;
  const event =
    sharedBy === 'moment' ? [`${thousands(servers)} servers ended connections in the same second.`] : [];
  return [...event, ...parts].filter((part) => part !== '').join(' ');
}
