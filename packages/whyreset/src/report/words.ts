import { thousands } from '../evidence/packets.ts';
import type { Certainty, Finding, Result, Summary } from '../verdict/result.ts';

/** Sentences and phrases that every rendering shares. */

/** `1 reset`, `1,204 resets`. */
export function count(n: number, noun: string): string {
  return `${thousands(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** A title inside a sentence: `Stale pool reuse` → `stale pool reuse`, but `TLS alert` stays. */
export function inSentence(title: string): string {
  return /^\p{Lu}\p{Ll}/u.test(title) ? title[0]!.toLowerCase() + title.slice(1) : title;
}

/** With a final stop, whether or not it came with one. */
export function stopped(sentence: string): string {
  return /[.!?]["”')]?$/.test(sentence) ? sentence : `${sentence}.`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const TELLS: Record<Certainty, string> = {
  proven: 'the packets leave no other reading',
  likely: 'the expected pattern in full',
  possible: 'it fits, and so does another cause',
  undetermined: 'nothing singles one cause out',
};
export const certaintyTells = (certainty: Certainty): string => TELLS[certainty];

const SURE: Record<Certainty, number> = { proven: 0, likely: 1, possible: 2, undetermined: 3 };

/** Problems before harmless endings, the surer first, then the more frequent. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      Number(a.verdict.benign) - Number(b.verdict.benign) ||
      SURE[a.verdict.certainty] - SURE[b.verdict.certainty] ||
      b.count - a.count,
  );
}

/** The first line of a report, as far as it is one: what was found in how much. */
export function headline({ summary, findings }: Pick<Result, 'summary' | 'findings'>): {
  subject: string;
  /** The kinds of trouble, most important first; empty when there is none. */
  kinds: string[];
} {
  const troubled = worstFirst(findings).filter((finding) => !finding.verdict.benign);
  const problems = troubled.reduce((sum, finding) => sum + finding.count, 0);
  const where = `in ${count(summary.connections, 'connection')}`;
  if (problems === 0) return { subject: calm(summary, where), kinds: [] };
  const only = troubled.length === 1;
  return {
    subject: `${count(problems, 'problem')} ${where}`,
    kinds: troubled.map((f) => (only ? '' : `${thousands(f.count)} × `) + inSentence(f.title)),
  };
}

function calm(summary: Summary, where: string): string {
  if (summary.connections === 0) return 'No TCP connection found';
  return summary.resets === 0 ? `No reset ${where}` : `No problem ${where}`;
}

/** The line below the headline: how many resets, and how many of them matter. */
export function resetsLine(summary: Summary): string | null {
  if (summary.resets === 0) return null;
  const carry = `${count(summary.resets, 'connection')} ${summary.resets === 1 ? 'carries' : 'carry'} a RST`;
  if (summary.benign === 0) return `${carry}.`;
  return `${carry}; ${count(summary.benign, 'ending')} ${summary.benign === 1 ? 'is' : 'are'} harmless.`;
}

/** `2024-03-01 12:00:01.123456 UTC` from ISO 8601 in UTC; anything else as it came. */
export function moment(iso: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T([\d:.]+)Z$/.exec(iso);
  return parts === null ? iso : `${parts[1]} ${parts[2]} UTC`;
}

/** A moment to the second, without the day when that is the day of `beside`. */
export function clockTime(iso: string, beside: string): string {
  const text = moment(iso.replace(/\.\d+Z$/, 'Z'));
  return text.endsWith(' UTC') && beside.slice(0, 11) === iso.slice(0, 11) ? text.slice(11) : text;
}

/** From one moment to another, the day once when it is the same, to the second. */
export function period(first: string, last: string): string {
  const from = clockTime(first, '');
  const to = clockTime(last, '');
  if (from === to) return `at ${from}`;
  const short = clockTime(last, first);
  return short === to ? `from ${from} to ${to}` : `from ${from.replace(/ UTC$/, '')} to ${short}`;
}
