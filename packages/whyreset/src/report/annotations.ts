import type { Finding, ResetEntry, Result } from '../verdict/result.ts';
import { capital, stopped } from '../verdict/sentence.ts';
import { printable } from '../wire/printable.ts';
import { lineRefs } from './line-refs.ts';
import { generalText, headline, isOpen, makerText, summaryText } from './words.ts';

/** Packets with comments that are kept; each costs some hundred bytes. */
const MOST_PACKETS = 200_000;

/** Causes that are named in the comment before the packets. */
const MOST_CAUSES = 4;

function possibleCauses(finding: Finding): string[] {
  const { members } = finding;
  if (!isOpen(finding) || members.length < 2) return [];
  const named = members.slice(0, MOST_CAUSES).map(({ title, cause }) => `${title} (${cause})`);
  const left = members.length - named.length;
  return [`Possible causes, most likely first: ${named.join('; ')}${left > 0 ? `; and ${left} more` : ''}.`];
}

/** What is to be written beside the packets of the captures. */
export class Annotations {
  /** Packets that got no comment because there were too many. */
  left = 0;
  private kept = 0;
  /** By input, then by frame number. */
  private readonly comments: Map<number, string[]>[] = [];
  private readonly titleOf: (cause: string) => string | null;

  /** @param titleOf the catalogue's title of a cause */
  constructor(titleOf: (cause: string) => string | null) {
    this.titleOf = titleOf;
  }

  add(entry: ResetEntry): void {
    const { verdict, statement, next } = entry;
    const title = verdict.cause === null ? null : this.titleOf(verdict.cause);
    const general = generalText(entry);
    const named = title === null ? [] : [`${stopped(title)} ${capital(verdict.certainty)}.`];
    const maker = makerText(entry);
    const certain = stopped(capital(statement ?? 'Nothing in the packets says why the connection ended'));
    const sentences = [
      certain,
      ...(general === null ? [] : [stopped(capital(general))]),
      ...named,
      ...(maker === null ? [] : [stopped(`RST ${maker}`)]),
      ...(verdict.cause === null ? [] : [`More: whyreset explain ${verdict.cause}`]),
    ];
    this.note(entry.input, entry.packet, `whyreset: ${sentences.join(' ')}`);
    if (next !== null) this.note(entry.input, entry.packet, `whyreset, to settle it: ${stopped(next.text)}`);
    for (const line of entry.evidence) {
      const says = `whyreset, evidence: ${stopped(capital(line.says + lineRefs(line)))}`;
      for (const packet of line.packets) this.note(line.input ?? entry.input, packet, says);
    }
  }

  private note(input: number, packet: number, comment: string): void {
    if (packet <= 0) return;
    let byPacket = this.comments[input];
    if (byPacket === undefined) {
      byPacket = new Map();
      this.comments[input] = byPacket;
    }
    let comments = byPacket.get(packet);
    if (comments === undefined) {
      if (this.kept >= MOST_PACKETS) {
        this.left++;
        return;
      }
      this.kept++;
      comments = [];
      byPacket.set(packet, comments);
    }
    const safe = printable(comment);
    if (!comments.includes(safe)) comments.push(safe);
  }

  /** Comments of a packet, none for most. */
  of(input: number, packet: number): readonly string[] {
    return this.comments[input]?.get(packet) ?? [];
  }

  /** The summary, which stands before all packets. */
  header(result: Pick<Result, 'summary' | 'findings' | 'inputs'>): string {
    const { subject, kinds } = headline(result);
    const summary = summaryText(result.summary);
    const left = this.left === 0 ? null : `${this.left} notes were left out: there are too many.`;
    return [
      `whyreset: ${kinds.length === 0 ? subject : `${subject}: ${kinds.join('; ')}`}.`,
      ...(summary === null ? [] : [stopped(summary)]),
      ...result.findings.flatMap((finding) => [finding.headline, ...possibleCauses(finding)]),
      `Packets of ${result.inputs.map(({ name }) => name).join(', ')}.`,
      'In Wireshark the filter frame.comment shows the packets that matter.',
      ...(left === null ? [] : [left]),
    ]
      .map(printable)
      .join('\n');
  }
}
