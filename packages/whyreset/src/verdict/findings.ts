import { findCause } from '../causes/find.ts';
import type { Subject } from '../evidence/define.ts';
import type { Family } from '../families/define.ts';
import { headlineOf } from './headline.ts';
import type { Judgement } from './judge.ts';
import type { Certainty, Finding, ResetEntry, Summary } from './result.ts';
import { counted, Tally } from './tally.ts';

/** Findings of one family beyond this number are one: a scan, an outage. */
const SEPARATE = 5;

/** Findings of one family kept apart while reading; a port scan must not cost one per port. */
const MOST_GROUPS = 32;

/** Servers and clients that a finding names. */
const NAMED = 5;

/** Findings of one family, by what their connections share; those beyond `MOST_GROUPS` stand under `REST`. */
interface Group {
  family: Family | null;
  benign: boolean;
  tallies: Map<string, Tally>;
}

const REST = '*';

/** What the connections of one finding share: the server, the client, or the two hosts that a path joins. */
function keyOf({ connection: { originator, responder } }: Subject, { family, verdict }: Judgement): string {
  if (family?.sharedBy === 'path') return responder.address;
  if (family?.sharedBy === 'client' || verdict.sender === 'originator') return `client ${originator.address}`;
  return `${responder.address} ${responder.port}`;
}

const RANK: Record<Certainty, number> = { proven: 0, likely: 1, possible: 2, undetermined: 3 };

const isOpen = ({ verdict: { certainty } }: Finding): boolean => RANK[certainty] > RANK.likely;

function findingOf(family: Family | null, tally: Tally): Finding {
  const members = tally
    .memberList()
    .map((member) => ({ ...member, title: findCause(member.cause)?.title ?? member.title }));
  const trouble = tally.trouble();
  const examples = tally.kept.map(({ example }) => example);
  const [first] = examples;
  const statement = first?.entry.statement ?? null;
  const cause = trouble.cause === null ? null : findCause(trouble.cause);
  return {
    family: family?.id ?? null,
    sharedBy: family?.sharedBy ?? 'server',
    title: family?.title ?? 'Connections that ended for an unknown reason',
    headline: headlineOf(family, trouble, members, statement),
    statement,
    verdict: tally.verdict,
    members,
    count: tally.count,
    total: trouble.total,
    resets: tally.resets,
    measures: tally.measures,
    advice: [...(family?.advice(trouble) ?? []), ...(cause?.advice(trouble.facts) ?? [])],
    next: examples.find(({ entry }) => entry.next !== null)?.entry.next ?? null,
    servers: counted(tally.servers, NAMED).map(([endpoint, count]) => ({ endpoint, count })),
    clients: counted(tally.clients, NAMED).map(([address, count]) => ({ address, count })),
    first: tally.first,
    last: tally.last,
    examples,
  };
}

/** Gathers connections into findings: one trouble with one fix each; keeps a bounded number of connections in full. */
export class Findings {
  private readonly groups = new Map<string, Group>();
  private problems = 0;
  private benign = 0;
  private undetermined = 0;
  private resets = 0;

  add(subject: Subject, judgement: Judgement, entry: ResetEntry): void {
    const { verdict } = entry;
    if (entry.reset) this.resets++;
    if (verdict.benign) this.benign++;
    else this.problems++;
    if (verdict.certainty === 'undetermined') this.undetermined++;

    const { tallies } = this.groupOf(judgement, verdict.benign);
    const shared = keyOf(subject, judgement);
    const key = tallies.has(shared) || tallies.size < MOST_GROUPS ? shared : REST;
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = new Tally();
      tallies.set(key, tally);
    }
    tally.add(subject, judgement, entry);
  }

  private groupOf({ family }: Judgement, benign: boolean): Group {
    const key = `${family?.id ?? ''} ${benign}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = { family, benign, tallies: new Map() };
      this.groups.set(key, group);
    }
    return group;
  }

  /** Moves what a trouble brought about afterwards at the same server into its finding. */
  private joinConsequences(): void {
    for (const { family, tallies } of this.groups.values())
      for (const [shared, tally] of tallies)
        for (const group of this.groups.values()) {
          const later = group.tallies.get(shared);
          if (shared === REST || later === undefined || later === tally || later.first < tally.first)
            continue;
          if (family?.brings?.includes(later.verdict.cause ?? '') !== true) continue;
          tally.addConsequence(later);
          group.tallies.delete(shared);
        }
  }

  /** Worst first: faults before the harmless, those with a named cause before the open, the many before the few. */
  list(): Finding[] {
    this.joinConsequences();
    return [...this.groups.values()]
      .flatMap(({ family, tallies }) => {
        const [first, ...rest] = tallies.values();
        if (first === undefined) return [];
        if (rest.length < SEPARATE) return [first, ...rest].map((tally) => findingOf(family, tally));
        for (const tally of rest) first.merge(tally);
        return [findingOf(family, first)];
      })
      .sort(
        (a, b) =>
          Number(a.verdict.benign) - Number(b.verdict.benign) ||
          Number(isOpen(a)) - Number(isOpen(b)) ||
          b.count - a.count ||
          RANK[a.verdict.certainty] - RANK[b.verdict.certainty],
      );
  }

  summary(connections: number): Summary {
    const { resets, benign, problems, undetermined } = this;
    return { connections, resets, benign, problems, undetermined };
  }
}
