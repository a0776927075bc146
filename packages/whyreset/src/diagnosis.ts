import type { Gathered } from './gather.ts';
import type { HostRecords } from './host/records.ts';
import { entryOf } from './verdict/entry.ts';
import { Findings } from './verdict/findings.ts';
import { hostViewOf } from './verdict/host-view.ts';
import { judge } from './verdict/judge.ts';
import { type InputSummary, type ResetEntry, type Result, SCHEMA } from './verdict/result.ts';
import { Subjects } from './verdict/subjects.ts';

/**
 * What several inputs come to: `entries` judges the troubled connections one
 * by one (nothing of them is kept but the findings), `findings` and `summary`
 * are complete once it has run out.
 */
export class Diagnosis {
  readonly inputs: readonly Gathered[];
  private readonly records: HostRecords | null;
  private readonly found = new Findings();

  /** @param records what hosts recorded beside the packets */
  constructor(inputs: readonly Gathered[], records: HostRecords | null = null) {
    this.inputs = inputs;
    this.records = records;
  }

  *entries(): Generator<ResetEntry> {
    for (const gathered of this.inputs) {
      for (const subject of new Subjects(gathered, hostViewOf(this.records, gathered))) {
        const { connection } = subject;
        const judgement = judge(subject);
        // Trouble without a RST is told only when some cause explains it.
        const carriesReset = connection.originator.resets + connection.responder.resets > 0;
        if (!carriesReset && judgement.cause === null && judgement.alternatives.length === 0) continue;
        const entry = entryOf(connection, judgement, gathered.info.epochSeconds);
        this.found.add(connection, judgement, entry);
        yield entry;
      }
    }
  }

  summaries(): InputSummary[] {
    return this.inputs.map(({ name, info }) => ({
      name,
      format: info.format ?? 'none',
      packets: info.packets,
      tcpPackets: info.tcpPackets,
      warnings: info.warnings,
    }));
  }

  /** What was read. */
  head(): Pick<Result, 'inputs' | 'hostFiles'> {
    const files = this.records?.sources ?? [];
    return { inputs: this.summaries(), ...(files.length > 0 && { hostFiles: [...files] }) };
  }

  tail(): Pick<Result, 'findings' | 'summary'> {
    const connections = this.inputs.reduce((sum, { connections: count }) => sum + count, 0);
    return { findings: this.found.list(), summary: this.found.summary(connections) };
  }

  /** The findings alone: the entries are judged and let go. */
  overview(): Result {
    for (const _ of this.entries());
    return { schema: SCHEMA, ...this.head(), resets: [], ...this.tail() };
  }

  /** Everything at once. */
  result(): Result {
    const resets = [...this.entries()];
    return { schema: SCHEMA, ...this.head(), resets, ...this.tail() };
  }
}
