import type { Subject } from '../evidence/define.ts';
import { findingOf } from './finding.ts';
import { joinTallies, type Place, placeOf } from './grouping.ts';
import type { Judgement } from './judge.ts';
import type { Certainty, Finding, ResetEntry, Summary } from './result.ts';
import { Tally } from './tally.ts';

/** Findings of one family kept apart while reading; an outage must not cost one per server. */
const MOST_GROUPS = 32;

/** Findings of one family, by what their connections share; those beyond `MOST_GROUPS` stand under `REST`. */
interface Group extends Omit<Place, 'key'> {
  tallies: Map<string, Tally>;
}

const REST = '*';

const RANK: Record<Certainty, number> = { proven: 0, likely: 1, possible: 2, undetermined: 3 };

const isOpen = ({ verdict: { certainty } }: Finding): boolean => RANK[certainty] > RANK.likely;

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

    const { key: shared, ...place } = placeOf(subject, judgement);
    const { tallies } = this.groupOf(place);
    const key = tallies.has(shared) || tallies.size < MOST_GROUPS ? shared : REST;
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = new Tally();
      tallies.set(key, tally);
    }
    tally.add(subject, judgement, entry);
  }

  private groupOf(place: Omit<Place, 'key'>): Group {
    const key = `${place.family?.id ?? ''} ${place.benign} ${place.byClient}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = { ...place, tallies: new Map() };
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
      .flatMap(({ family, byClient, tallies }) =>
        joinTallies(family, byClient, [...tallies.values()]).map((gathered) => findingOf(family, gathered)),
      )
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
