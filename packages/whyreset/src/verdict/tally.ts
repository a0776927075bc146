import type { Endpoint } from '../connection/connection.ts';
import type { Subject } from '../evidence/define.ts';
import type { Range, Trouble } from '../families/define.ts';
import type { Judgement } from './judge.ts';
import { ladder } from './ladder.ts';
import type { Certainty, Example, FindingMember, ResetEntry, Verdict } from './result.ts';

/** Connections of one finding that are shown in full. */
const EXAMPLES = 3;

/** Connections of one event end within so many seconds. */
const ONE_EVENT = 1;

/** Servers and clients that are counted by name; a scan must not cost a name per port. */
const MOST_NAMES = 1000;

const RANK: Record<Certainty, number> = { proven: 0, likely: 1, possible: 2, undetermined: 3 };
/** Behind all certainties. */
const LAST = 4;

/** An example with what ranks it: the surest are kept. */
interface Kept {
  rank: number;
  judgement: Judgement;
  example: Example;
}

/** Half of the shortest round trip between the place of the capture and that end. */
const delayTo = ({ minRtt }: Endpoint): number | null => (minRtt < 0 ? null : minRtt / 2);

function exampleOf({ connection, world }: Subject, judgement: Judgement, entry: ResetEntry): Example {
  const cited = new Set(entry.evidence.flatMap((line) => (line.input === undefined ? line.packets : [])));
  const { rows, elidedAfter } = ladder(connection, judgement.facts, cited, world.pairs, entry.verdict.sender);
  const delay = { originator: delayTo(connection.originator), responder: delayTo(connection.responder) };
  return { entry, ladder: rows, elidedAfter, delay };
}

function count(names: Map<string, number>, name: string, times = 1): void {
  const known = names.get(name);
  if (known !== undefined || names.size < MOST_NAMES) names.set(name, (known ?? 0) + times);
}

const byCount = (names: ReadonlyMap<string, number>) => [...names].sort((a, b) => b[1] - a[1]);

/** The running count of one finding: constant memory however many connections it holds. */
export class Tally {
  readonly servers = new Map<string, number>();
  readonly clients = new Map<string, number>();
  readonly members = new Map<string, FindingMember>();
  readonly measures: Record<string, Range> = {};
  readonly kept: Kept[] = [];
  /** By server endpoint, all connections that its input holds; null once one is not known. */
  readonly totals = new Map<string, number>();
  count = 0;
  resets = 0;
  benign = true;
  first = '';
  last = '';

  add(subject: Subject, judgement: Judgement, entry: ResetEntry): void {
    const { originator, responder } = subject.connection;
    this.count++;
    if (entry.reset) this.resets++;
    if (!entry.verdict.benign) this.benign = false;
    const server = entry.connection.responder;
    count(this.servers, server);
    count(this.clients, originator.address);
    const known = subject.world.responder(responder.address, responder.port);
    if (known !== null) this.totals.set(server, Math.max(known.connections, this.totals.get(server) ?? 0));
    this.addMembers(judgement);
    for (const [name, value] of Object.entries(entry.measures ?? {}))
      this.widen(name, { min: value, max: value });
    if (this.first === '' || entry.time < this.first) this.first = entry.time;
    if (entry.time > this.last) this.last = entry.time;
    const rank = RANK[entry.verdict.certainty] + (entry.verdict.benign ? LAST : 0);
    this.keep(rank, judgement, () => exampleOf(subject, judgement, entry));
  }

  private addMembers({ cause, verdict, alternatives }: Judgement): void {
    if (cause !== null) this.member(cause.id, cause.taxonomy, cause.title).count[verdict.certainty]++;
    for (const { cause: id, taxonomy } of alternatives) this.member(id, taxonomy, null);
  }

  private member(cause: string, taxonomy: string, title: string | null): FindingMember {
    let member = this.members.get(cause);
    if (member === undefined) {
      member = { cause, taxonomy, title: '', count: { proven: 0, likely: 0, possible: 0, undetermined: 0 } };
      this.members.set(cause, member);
    }
    if (title !== null) member.title = title;
    return member;
  }

  private widen(name: string, { min, max }: Range): void {
    const range = this.measures[name];
    if (range === undefined) this.measures[name] = { min, max };
    else {
      range.min = Math.min(range.min, min);
      range.max = Math.max(range.max, max);
    }
  }

  private keep(rank: number, judgement: Judgement, make: () => Example): void {
    const { kept } = this;
    const at = kept.findIndex((other) => other.rank > rank);
    if (at < 0 && kept.length >= EXAMPLES) return;
    kept.splice(at < 0 ? kept.length : at, 0, { rank, judgement, example: make() });
    kept.length = Math.min(kept.length, EXAMPLES);
  }

  /** Whether all its connections ended within a second of all of the other's. */
  sharesMoment(other: Tally): boolean {
    return secondsBetween(earlier(this.first, other.first), later(this.last, other.last)) <= ONE_EVENT;
  }

  /** The only client of its connections; null where there are several. */
  get onlyClient(): string | null {
    return this.clients.size === 1 ? [...this.clients.keys()][0]! : null;
  }

  /** Takes in another tally of the same family. */
  merge(other: Tally): void {
    this.addExtent(other);
    for (const [name, range] of Object.entries(other.measures)) this.widen(name, range);
    for (const { cause, taxonomy, title, count: counted } of other.members.values()) {
      const member = this.member(cause, taxonomy, title === '' ? null : title);
      for (const c of Object.keys(counted) as Certainty[]) member.count[c] += counted[c];
    }
    for (const { rank, judgement, example } of other.kept) this.keep(rank, judgement, () => example);
  }

  /**
   * Takes in connections of another family that followed from this trouble, to be shown behind its own. Their
   * causes are no rivals of this one, and are no members.
   */
  addConsequence(other: Tally): void {
    this.addExtent(other);
    for (const { judgement, example } of other.kept) this.keep(LAST, judgement, () => example);
  }

  private addExtent(other: Tally): void {
    this.count += other.count;
    this.resets += other.resets;
    this.benign &&= other.benign;
    for (const [name, times] of other.servers) count(this.servers, name, times);
    for (const [name, times] of other.clients) count(this.clients, name, times);
    for (const [name, total] of other.totals)
      this.totals.set(name, Math.max(total, this.totals.get(name) ?? 0));
    this.first = earlier(this.first, other.first);
    this.last = later(this.last, other.last);
  }

  /** Causes named for some connection, the most of them first; then those that are only possible, in order. */
  memberList(): FindingMember[] {
    const named = ({ count: c }: FindingMember) => c.proven + c.likely + c.possible;
    return [...this.members.values()].sort((a, b) => named(b) - named(a));
  }

  trouble(): Trouble {
    const [first] = this.kept;
    if (first === undefined) throw new Error('a finding holds at least one connection');
    return {
      count: this.count,
      total: this.total,
      servers: byCount(this.servers).map(([name]) => name),
      clients: byCount(this.clients).map(([name]) => name),
      span: secondsBetween(this.first, this.last),
      measures: this.measures,
      cause: first.judgement.cause?.id ?? null,
      facts: first.judgement.facts,
    };
  }

  /** All connections to its servers; null where one of them was not counted, or not in full. */
  private get total(): number | null {
    if (this.totals.size < this.servers.size || this.servers.size >= MOST_NAMES) return null;
    const total = [...this.totals.values()].reduce((a, b) => a + b, 0);
    return total < this.count ? null : total;
  }

  get verdict(): Verdict {
    return this.kept[0]!.example.entry.verdict;
  }
}

const earlier = (a: string, b: string) => (a < b ? a : b);
const later = (a: string, b: string) => (a > b ? a : b);

/** Seconds between two ISO 8601 moments in UTC. */
function secondsBetween(first: string, last: string): number {
  const fraction = (iso: string) => Number(/\.(\d+)Z$/.exec(iso)?.[0].slice(0, -1) ?? 0);
  const whole = (iso: string) => Date.parse(iso.replace(/\.\d+Z$/, 'Z')) / 1000;
  const span = whole(last) - whole(first) + fraction(last) - fraction(first);
  return Number.isFinite(span) ? span : 0;
}

export const topOf = (names: ReadonlyMap<string, number>, most: number): [string, number][] =>
  byCount(names).slice(0, most);
