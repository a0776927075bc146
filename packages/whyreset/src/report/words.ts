import { thousands } from '../evidence/packets.ts';
import type {
  Certainty,
  Finding,
  FindingMember,
  ResetEntry,
  Result,
  Summary,
  Verdict,
} from '../verdict/result.ts';
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
  const { problems } = summary;
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

/** `30 connections, 25 with a RST; 3 endings are harmless`; null where the first line says all of it. */
export function summaryText({ connections, resets, benign }: Summary): string | null {
  if (resets === 0 && benign === 0) return null;
  const harmless = `${count(benign, 'ending')} ${benign === 1 ? 'is' : 'are'} harmless`;
  return `${count(connections, 'connection')}, ${thousands(resets)} with a RST${benign > 0 ? `; ${harmless}` : ''}`;
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
  if (from === to) return from;
  const short = clockTime(last, first);
  return `${short === to ? from : from.replace(/ UTC$/, '')} to ${short}`;
}

/** Where and when the connections of a finding were, in parts; none for a single connection. */
export function extentOf({ count: n, servers, clients, first, last, sharedBy }: Finding): string[] {
  if (n < 2) return [];
  const ends = sharedBy === 'client' ? clients.map((c) => ({ name: c.address, count: c.count })) : [];
  const named = servers.map(({ endpoint, count }) => ({ name: endpoint, count }));
  const split = [named, ends].filter((list) => list.length > 1);
  const places = split.flatMap((list) => {
    const rest = n - list.reduce((sum, place) => sum + place.count, 0);
    const once = list.every((place) => place.count === 1);
    // Some of a thousand names, each once, tell nothing.
    if (once && rest > list.length) return [];
    const texts = list.map((place) => (once ? place.name : `${place.name} (${thousands(place.count)})`));
    return [listed(rest > 0 ? [...texts, `others (${thousands(rest)})`] : texts)];
  });
  return [period(first, last), ...places];
}

/** `proven`, or `proven 23, likely 13` where the causes of a finding differ in it. */
export function surenessOf({ members, verdict }: Finding): string {
  const sums = SURE.map((c) => [c, members.reduce((sum, { count }) => sum + count[c], 0)] as const);
  const held = sums.filter(([, n]) => n > 0);
  return held.length < 2 ? verdict.certainty : held.map(([c, n]) => `${c} ${thousands(n)}`).join(', ');
}

/** Nothing is named with more than `possible`. */
export const isOpen = ({ members }: Finding): boolean =>
  !members.some(({ count }) => count.proven + count.likely > 0);

const SURE: readonly Certainty[] = ['proven', 'likely', 'possible'];

/** `proven for 23, likely for 13`; empty for a cause that is only possible beside others. */
export function memberSureness({ count: counts }: FindingMember): string {
  return SURE.filter((c) => counts[c] > 0)
    .map((c) => `${c} for ${thousands(counts[c])}`)
    .join(', ');
}

const MAKERS: Record<Verdict['sender'], string> = {
  originator: 'the client',
  responder: 'the server',
  middlebox: 'a box on the path',
  undetermined: 'undetermined',
};

/** Who made the RST, and how sure that is; null without a RST. */
export function makerText({
  verdict: { sender, senderCertainty },
  claimedSender,
}: ResetEntry): string | null {
  if (claimedSender === null) return null;
  if (sender === claimedSender) return `sent by ${MAKERS[sender]} (${senderCertainty})`;
  const source = `source address: ${MAKERS[claimedSender]}`;
  if (sender === 'undetermined') return `${source}; who made it is undetermined`;
  return `made by ${MAKERS[sender]} (${senderCertainty}); ${source}`;
}

/** The RST was not made by the side whose address it carries, or that is not known. */
export const isDisputed = ({ verdict: { sender }, claimedSender }: ResetEntry): boolean =>
  claimedSender !== null && sender !== claimedSender;

/** Who else may have made the RST: `another host with the address 10.0.0.2, or a box on the path`; null without. */
export function rivalsText({ maker }: ResetEntry): string | null {
  if (maker === null || maker.rivals.length === 0) return null;
  const [only, ...more] = maker.rivals;
  return more.length === 0 ? only! : `${maker.rivals.slice(0, -1).join(', ')}, or ${maker.rivals.at(-1)}`;
}

/** `proven: one side went on writing (id)`, where a more general cause is surer than the one that is named. */
export function generalText({ verdict: { general } }: ResetEntry): string | null {
  return general === null ? null : `${general.certainty}: ${inSentence(general.title)} (${general.cause})`;
}

/** `1 error`, `2 errors`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
