import { thousands } from '../evidence/packets.ts';
import type { Certainty, Finding, FindingMember, Result, Summary, Verdict } from '../verdict/result.ts';
import { inSentence } from '../verdict/sentence.ts';

/** Sentences and phrases that every rendering shares. */

/** `1 reset`, `1,204 resets`. */
export function count(n: number, noun: string): string {
  return `${thousands(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Problems and harmless endings apart, each in the order of the verdict: worst first. */
export function parted(findings: readonly Finding[]): { problems: Finding[]; benign: Finding[] } {
  return {
    problems: findings.filter((finding) => !finding.verdict.benign),
    benign: findings.filter((finding) => finding.verdict.benign),
  };
}

/** The first line of a report, as far as it is one: what was found in how much. */
export function headline({ summary, findings }: Pick<Result, 'summary' | 'findings'>): {
  subject: string;
  /** The kinds of trouble, most important first; empty when there is none. */
  kinds: string[];
} {
  const troubled = parted(findings).problems;
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

/** To which servers, how many with a RST, from when to when; null for a single connection. */
export function extentOf({ count: n, servers, resets, first, last }: Finding): string | null {
  if (n < 2) return null;
  const only = servers.length === 1 && servers[0]!.count >= n;
  const to = servers.map((server) => server.endpoint + (only ? '' : ` (${thousands(server.count)})`));
  if (servers.length > 0 && servers.reduce((sum, server) => sum + server.count, 0) < n) to.push('others');
  const where = `${count(n, 'connection')}${to.length > 0 ? ` to ${listed(to)}` : ''}`;
  const carrying = resets === n ? '' : `, ${resets === 0 ? 'none' : thousands(resets)} with a RST`;
  return `${where}${carrying}, ${period(first, last)}`;
}

/** `I3 · proven`, `undetermined`. */
export function tagsOf({ taxonomy, certainty }: Verdict): string {
  return [taxonomy, certainty].filter((part) => part !== null).join(', ');
}

const SURE: readonly Certainty[] = ['proven', 'likely', 'possible'];

/** A cause of a finding: its title, and for how many connections it is named. */
export function memberText({ title, count: counts, cause }: FindingMember): string {
  const parts = SURE.filter((c) => counts[c] > 0).map((c) => `${c} for ${thousands(counts[c])}`);
  return parts.length === 0 ? `${title} (${cause})` : `${title} (${cause}): ${parts.join(', ')}`;
}
