import type { UnreadInput } from './capture-set.ts';
import type { Gathered } from './gather.ts';
import { withPasted } from './host/pasted.ts';
import type { HostRecords } from './host/records.ts';
import { asListed } from './listing/as-listed.ts';
import { restoreNames } from './listing/list-names.ts';
import { Orientation } from './roles/orientation.ts';
import { entryOf } from './verdict/entry.ts';
import { Findings } from './verdict/findings.ts';
import { hostViewOf } from './verdict/host-view.ts';
import { type InputSummary, type ResetEntry, type Result, SCHEMA } from './verdict/result.ts';
import { Subjects } from './verdict/subjects.ts';
import { judgeTogether } from './verdict/together.ts';
import { viewsOf } from './verdict/views.ts';

/**
 * What several inputs come to: `entries` judges the troubled connections one
 * by one (nothing of them is kept but the findings), `findings` and `summary`
 * are complete once it has run out.
 */
export class Diagnosis {
  readonly inputs: readonly Gathered[];
  private readonly records: HostRecords | null;
  private readonly unread: readonly UnreadInput[];
  private readonly found = new Findings();
  /** Connections that more than one input holds, each time beyond the first. */
  private repeated = 0;

  /**
   * @param records what hosts recorded beside the packets
   * @param unread inputs that could not be read, which the result names
   */
  constructor(
    inputs: readonly Gathered[],
    records: HostRecords | null = null,
    unread: readonly UnreadInput[] = [],
  ) {
    this.inputs = inputs;
    const pasted = inputs.flatMap(({ name, records: own }) => (own === null ? [] : [{ name, records: own }]));
    this.records = withPasted(records, pasted);
    this.unread = unread;
  }

  *entries(): Generator<ResetEntry> {
    const orientation = new Orientation(this.inputs.map(({ hosts }) => hosts));
    const subjects = this.inputs.map(
      (input) => new Subjects(input, hostViewOf(this.records, input), orientation),
    );
    const connections = viewsOf(this.inputs, subjects, orientation);
    const texts = this.inputs.map(({ info }) => info.text);
    this.repeated = connections.repeated;
    for (const views of connections) {
      const { subject, judgement } = judgeTogether(views);
      const { connection } = subject;
      // Trouble without a RST is reported only when some cause explains it.
      const carriesReset = connection.originator.resets + connection.responder.resets > 0;
      if (!carriesReset && judgement.cause === null && judgement.alternatives.length === 0) continue;
      const { epochSeconds } = this.inputs[connection.input]!.info;
      const entry = asListed(entryOf(subject, judgement, epochSeconds), texts);
      this.found.add(subject, judgement, entry);
      yield entry;
    }
  }

  summaries(): InputSummary[] {
    const read = this.inputs.map(({ name, files, info }) => ({
      name,
      ...(files.length > 1 && { files }),
      format: info.format ?? 'none',
      packets: info.packets,
      tcpPackets: info.tcpPackets,
      ...(info.other.length > 0 && { other: [...info.other].sort((a, b) => b.packets - a.packets) }),
      warnings: info.warnings,
    }));
    const unread = this.unread.map(({ name, code, message }) => ({
      name,
      format: 'none',
      packets: 0,
      tcpPackets: 0,
      warnings: [{ code, message, count: 1 }],
    }));
    return [...read, ...unread];
  }

  /** What was read. */
  head(): Pick<Result, 'inputs' | 'hostFiles'> {
    const files = this.records?.sources ?? [];
    return { inputs: this.summaries(), ...(files.length > 0 && { hostFiles: [...files] }) };
  }

  tail(): Pick<Result, 'findings' | 'summary'> {
    const counted = this.inputs.reduce((sum, { connections }) => sum + connections, 0);
    const connections = counted - this.repeated;
    // A finding speaks of all its inputs; names stand in texts alone, and a text that has some is rare.
    const findings = this.inputs.reduce(
      (list, { info }) => (info.text === undefined ? list : restoreNames(list, info.text.names)),
      this.found.list(),
    );
    return { findings, summary: this.found.summary(connections) };
  }

  /** The findings alone: the entries are judged, handed on one by one and not kept. */
  overview(handOn: (entry: ResetEntry) => void = () => {}): Result {
    for (const entry of this.entries()) handOn(entry);
    return { schema: SCHEMA, ...this.head(), resets: [], ...this.tail() };
  }

  /** Everything at once. */
  result(): Result {
    const resets = [...this.entries()];
    return { schema: SCHEMA, ...this.head(), resets, ...this.tail() };
  }
}
