import { findCause } from '../causes/find.ts';
import type { Family, Trouble } from '../families/define.ts';
import type { Gathered } from './grouping.ts';
import { headlineOf } from './headline.ts';
import type { Finding, Verdict } from './result.ts';
import { topOf } from './tally.ts';

/** Servers and clients that a finding names. */
const NAMED = 5;

/** What the causes of its connections add to a finding. */
type Own = Pick<Finding, 'verdict' | 'members' | 'next'>;

function ownOf({ tally }: Gathered): Own {
  const members = tally
    .memberList()
    .map((member) => ({ ...member, title: findCause(member.cause)?.title ?? member.title }));
  const next = tally.kept.find(({ example }) => example.entry.next !== null)?.example.entry.next ?? null;
  return { verdict: tally.verdict, members, next };
}

/** A scan is one event, whatever became of each attempt: a cause, or an item to ask for, is of a single one. */
function ofEvent(family: Family, { verdict }: Own): Own {
  const named: Verdict = { ...verdict, family: family.id, cause: null, taxonomy: null, general: null };
  return { verdict: { ...named, certainty: 'likely' }, members: [], next: null };
}

function adviceOf(family: Family | null, trouble: Trouble): Finding['advice'] {
  const cause = trouble.cause === null || family?.isEvent === true ? null : findCause(trouble.cause);
  return [...(family?.advice(trouble) ?? []), ...(cause?.advice(trouble.facts) ?? [])];
}

export function findingOf(family: Family | null, gathered: Gathered): Finding {
  const { tally, sharedBy } = gathered;
  const own = family?.isEvent === true ? ofEvent(family, ownOf(gathered)) : ownOf(gathered);
  const counted = tally.trouble();
  // Other clients' connections to the same servers say nothing of what one client does.
  const trouble = sharedBy === 'client' ? { ...counted, total: null } : counted;
  const examples = tally.kept.map(({ example }) => example);
  const statement = examples[0]?.entry.statement ?? null;
  return {
    family: family?.id ?? null,
    sharedBy,
    title: family?.title ?? 'Connections that ended for an unknown reason',
    headline: headlineOf(family, trouble, own.members, statement, sharedBy),
    statement,
    ...own,
    count: tally.count,
    total: trouble.total,
    resets: tally.resets,
    measures: tally.measures,
    advice: adviceOf(family, trouble),
    servers: topOf(tally.servers, NAMED).map(([endpoint, count]) => ({ endpoint, count })),
    clients: topOf(tally.clients, NAMED).map(([address, count]) => ({ address, count })),
    first: tally.first,
    last: tally.last,
    examples,
  };
}
