import type { Subject } from '../evidence/define.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import type { Judgement } from './judge.ts';
import { ladder } from './ladder.ts';
import type { Certainty, Example, Finding, ResetEntry, Summary, Verdict } from './result.ts';
import { sentenceOf } from './sentence.ts';

/** Connections of one group that are told in full. */
const EXAMPLES = 3;

/** Servers of one cause beyond this number are one story: a scan, an outage. */
const SEPARATE_SERVERS = 2;

/** Groups of one cause kept apart while reading; a port scan must not cost a group per port. */
const MOST_GROUPS = 32;

interface Group {
  verdict: Verdict;
  title: string;
  count: number;
  resets: number;
  servers: Map<string, number>;
  /** Shortest and longest silence before the end; -1 when one had none. */
  shortest: number;
  longest: number;
  first: string;
  last: string;
  examples: Example[];
}

/** Connections of one verdict, by server; those of a server beyond `MOST_GROUPS` stand under `REST`. */
interface Story {
  verdict: Verdict;
  groups: Map<string, Group>;
}

const REST = '*';

function same(a: Verdict, b: Verdict): boolean {
  return a.cause === b.cause && a.sender === b.sender && a.certainty === b.certainty;
}

const RANK: Record<Certainty, number> = { proven: 0, likely: 1, possible: 2, undetermined: 3 };

function merge(into: Group, other: Group): void {
  into.count += other.count;
  into.resets += other.resets;
  for (const [server, count] of other.servers)
    into.servers.set(server, (into.servers.get(server) ?? 0) + count);
  into.shortest = Math.min(into.shortest, other.shortest);
  into.longest = other.shortest < 0 || into.shortest < 0 ? -1 : Math.max(into.longest, other.longest);
  if (other.first < into.first) into.first = other.first;
  if (other.last > into.last) into.last = other.last;
  into.examples = [...into.examples, ...other.examples].slice(0, EXAMPLES);
}

function storyOf({ count, shortest, longest, first, last }: Group): string | null {
  if (count === 1) return null;
  const all = `all ${thousands(count)} of them`;
  if (shortest < 0) return first.slice(0, 19) === last.slice(0, 19) ? `${all} within the same second` : null;
  const near = longest - shortest <= Math.max(0.05, 0.02 * longest);
  return near
    ? `${all} ${seconds(longest)} after the last byte`
    : `${all} after a silence, between ${seconds(shortest)} and ${seconds(longest)} long`;
}

function findingOf(group: Group): Finding {
  const servers = [...group.servers]
    .map(([endpoint, count]) => ({ endpoint, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, 5);
  const { verdict, title, count, resets, first, last, examples } = group;
  return {
    cause: verdict.cause,
    taxonomy: verdict.taxonomy,
    title,
    verdict,
    count,
    resets,
    sentence: sentenceOf(verdict, title, resets > 0, examples[0]?.entry ?? null),
    story: storyOf(group),
    servers,
    first,
    last,
    examples,
  };
}

/** Gathers entries with the same story; keeps a bounded number of each in full. */
export class Findings {
  /** In the order in which they were first met; there are a few dozen at most. */
  private readonly stories: Story[] = [];
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

    const server = entry.connection.responder;
    const { groups } = this.storyOf(verdict);
    const key = groups.has(server) || groups.size < MOST_GROUPS ? server : REST;
    const { idle } = judgement.facts;
    const silence = idle.known && idle.silent ? idle.timer : -1;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, {
        verdict,
        title: judgement.cause?.title ?? 'the packets allow more than one cause',
        count: 1,
        resets: entry.reset ? 1 : 0,
        servers: new Map([[server, 1]]),
        shortest: silence,
        longest: silence,
        first: entry.time,
        last: entry.time,
        examples: [exampleOf(subject, judgement, entry)],
      });
      return;
    }
    group.count++;
    if (entry.reset) group.resets++;
    group.servers.set(server, (group.servers.get(server) ?? 0) + 1);
    group.shortest = Math.min(group.shortest, silence);
    group.longest = group.shortest < 0 ? -1 : Math.max(group.longest, silence);
    if (entry.time < group.first) group.first = entry.time;
    if (entry.time > group.last) group.last = entry.time;
    if (group.examples.length < EXAMPLES) group.examples.push(exampleOf(subject, judgement, entry));
  }

  private storyOf(verdict: Verdict): Story {
    let story = this.stories.find((known) => same(known.verdict, verdict));
    if (story === undefined) {
      story = { verdict, groups: new Map() };
      this.stories.push(story);
    }
    return story;
  }

  /** Worst first: faults before the harmless, the certain before the doubtful, the many before the few. */
  list(): Finding[] {
    const told: Group[] = [];
    for (const { groups } of this.stories) {
      const [first, ...rest] = groups.values();
      if (rest.length < SEPARATE_SERVERS) told.push(first!, ...rest);
      else {
        const whole = { ...first!, servers: new Map(first!.servers) };
        for (const group of rest) merge(whole, group);
        told.push(whole);
      }
    }
    return told
      .sort(
        (a, b) =>
          Number(a.verdict.benign) - Number(b.verdict.benign) ||
          RANK[a.verdict.certainty] - RANK[b.verdict.certainty] ||
          b.count - a.count,
      )
      .map(findingOf);
  }

  summary(connections: number): Summary {
    const { resets, benign, problems, undetermined } = this;
    return { connections, resets, benign, problems, undetermined };
  }
}

function exampleOf({ connection, world }: Subject, judgement: Judgement, entry: ResetEntry): Example {
  const cited = new Set(entry.evidence.flatMap((line) => (line.input === undefined ? line.packets : [])));
  const { rows, elidedAfter } = ladder(connection, judgement.facts, cited, world.pairs);
  return { entry, ladder: rows, elidedAfter };
}
