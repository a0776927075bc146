import { type Cause, type Contradicted, contradicted, type Strength } from '../causes/define.ts';
import { causes as catalogue } from '../causes/index.ts';
import type { Subject } from '../evidence/define.ts';
import type { CounterDeltasFact } from '../evidence/host/counter-deltas.ts';
import type { KernelReasonFact } from '../evidence/host/kernel-reason.ts';
import { evidence } from '../evidence/index.ts';
import { who } from '../evidence/packets.ts';
import type { CallPath } from '../host/call-path.ts';
import { ABORTS, aborts } from '../host/counter-reading.ts';
import { kernelReasons, reasonName } from '../host/kernel-reasons.ts';
import { type Candidate, madeByBox } from './candidate.ts';
import type { EvidenceLine } from './result.ts';

/** What the host recorded about the first RST. */
export interface HostReport {
  /** The kernel's own line; null without one that is certainly about this RST. */
  kernel: KernelReasonFact | null;
  /** Its name without the prefix; null when it gives none, or one that stands for nothing. */
  reason: string | null;
  /** How it came to it: from the stack, or from counters that leave one way only. */
  path: CallPath | null;
  /** Counters of the host that sent the RST; null when they are of another host, or it is unknown of which. */
  counters: CounterDeltasFact | null;
}

const SAYS_NOTHING = new Set(['NOT_SPECIFIED', 'ERROR', 'MAX']);

export function hostReportOf(subject: Subject): HostReport {
  const said = evidence.kernelReason.of(subject);
  const counted = evidence.counterDeltas.of(subject);
  const kernel = said.known && said.certain ? said : null;
  const counters = counted.known && counted.ofSender === true ? counted : null;
  const reason = kernel === null || SAYS_NOTHING.has(kernel.reason ?? 'MAX') ? null : kernel.reason;
  let path = kernel?.path ?? null;
  // Of the ways that share TCP_STATE only tcp_disconnect from close() counts TCPAbortOnData (net/ipv4/tcp.c).
  if (
    path === null &&
    reason === 'TCP_STATE' &&
    counters !== null &&
    everyResetIs(counters, 'TCPAbortOnData')
  )
    path = 'linger';
  return { kernel, reason, path, counters };
}

/** All RSTs that the host sent meanwhile were counted as this. */
function everyResetIs({ deltas }: CounterDeltasFact, counter: string): boolean {
  const sent = deltas.get('OutRsts') ?? 0;
  return sent > 0 && (deltas.get(counter) ?? 0) >= sent;
}

const lists = (cause: Cause, reason: string) =>
  cause.kernelReasons.some((name) => reasonName(name) === reason);

/** What in the report excludes a cause; null when they are compatible. */
function against(cause: Cause, boxMadeIt: boolean, report: HostReport): Contradicted | null {
  const { kernel, reason, path, counters } = report;
  if (kernel !== null) {
    // Neither a box nor a packet filter on the host itself leaves the kernel's own line (nf_reject_ipv4.c has none).
    if (boxMadeIt || (cause.resetBy === 'path' && cause.kernelReasons.length === 0))
      return contradicted(
        'kernelReason',
        `the kernel of the ${who(kernel.side)}’s host sent the RST itself`,
        [],
      );
    if (reason !== null && cause.kernelReasons.length > 0 && !lists(cause, reason))
      return contradicted('kernelReason', `the kernel’s reason is ${reason}, which does not go with it`, []);
    if (path !== null && cause.callPaths !== undefined && !cause.callPaths.includes(path))
      return contradicted('kernelReason', 'the kernel’s stack trace shows another path', []);
  }
  if (counters === null || boxMadeIt || !cause.kernelReasons.some(isActive)) return null;
  if (!cause.kernelReasons.every(isActive)) return null;
  const own = ABORTS.filter((name) => cause.counters.includes(name));
  if (own.length > 0 && own.every((name) => counters.deltas.get(name) === 0))
    return contradicted('counterDeltas', `${own.join(' and ')} did not move on the host that reset`, []);
  const sent = counters.deltas.get('OutRsts') ?? 0;
  if (own.length === 0 && sent > 0 && aborts(counters.deltas) >= sent)
    return contradicted(
      'counterDeltas',
      'every RST of that host was counted as an abort of another kind',
      [],
    );
  return null;
}

const isActive = (name: string) => kernelReasons[reasonName(name)]?.kind === 'active';

/** Causes that others make more precise: a state of TCP, not the reason why a program brought it about. */
const GENERAL = new Set(catalogue.flatMap(({ refines }) => refines));

/** How many causes list a reason: what one alone lists is that cause. */
const LISTED = new Map<string, number>();
for (const { kernelReasons: listed } of catalogue)
  for (const name of listed.map(reasonName)) LISTED.set(name, (LISTED.get(name) ?? 0) + 1);

const isBucket = (name: string) => kernelReasons[reasonName(name)]?.bucket === true;

/**
 * A cause that is nothing but what the reason says, not a more precise form of something else. Why a kernel
 * could not place a segment it does not know itself: the connection may be gone, or the segment was never meant
 * for it (a translation lost), so only reasons of its own doing are that much.
 */
function isItself(cause: Cause, { reason, path }: HostReport): boolean {
  if (reason === null || !lists(cause, reason) || !isActive(reason)) return false;
  if (cause.callPaths !== undefined) return path !== null && cause.callPaths.includes(path);
  if (cause.refines.length > 0 || cause.kernelReasons.some(isBucket)) return false;
  return GENERAL.has(cause.id) || (cause.kernelReasons.length === 1 && LISTED.get(reason) === 1);
}

/** Whether the reason speaks for the cause at all. */
function speaksFor(cause: Cause, { reason, path, counters }: HostReport): boolean {
  if (reason === null || !lists(cause, reason)) return false;
  // Behind a close the RST only echoes what came later: that there had been a close is all that the reason says.
  if (cause.refines.length > 0 && !isActive(reason)) return false;
  if (cause.callPaths !== undefined) return path !== null && cause.callPaths.includes(path);
  if (!isBucket(reason)) return true;
  // A bucket speaks only together with a counter that is this cause's own.
  return cause.counters.some(
    (name) => name !== 'OutRsts' && name !== 'EstabResets' && (counters?.deltas.get(name) ?? 0) > 0,
  );
}

const FIRMER: Partial<Record<Strength, Strength>> = { weak: 'fair', fair: 'strong' };

/**
 * A reason proves what it names. A more precise cause says more than that (why the program closed, say), so a
 * matching reason takes away the doubt how and by which host, not the doubt why: at most `strong`.
 */
function strengthened(cause: Cause, strength: Strength, report: HostReport): Strength {
  if (isItself(cause, report)) return 'proof';
  return speaksFor(cause, report) ? (FIRMER[strength] ?? strength) : strength;
}

/** The candidates that the report does not exclude, each with the strength that follows from it. */
export function applyHostReport(
  candidates: readonly Candidate[],
  report: HostReport,
  ruledOut: { cause: Cause; answer: Contradicted }[],
): Candidate[] {
  const left: Candidate[] = [];
  for (const candidate of candidates) {
    const { cause, answer } = candidate;
    const objection = against(cause, madeByBox(candidate), report);
    if (objection !== null) {
      ruledOut.push({ cause, answer: objection });
      continue;
    }
    const strength = strengthened(cause, answer.strength, report);
    left.push({ cause, answer: { ...answer, strength } });
  }
  return left;
}

/**
 * The cause that the kernel’s reason names outright, for connections whose packets support none; null when
 * there is none, or several, or when the packets exclude it.
 */
export function causeOfReason(report: HostReport, ruledOut: readonly { cause: Cause }[]): Cause | null {
  if (report.kernel === null) return null;
  const [only, ...others] = catalogue.filter(
    (cause) =>
      cause.resetBy !== 'path' &&
      (cause.callPaths !== undefined || cause.kernelReasons.length === 1) &&
      isItself(cause, report) &&
      !ruledOut.some((excluded) => excluded.cause === cause),
  );
  return only !== undefined && others.length === 0 ? only : null;
}

/** Adds what the host files hold about this connection to its evidence; a sentence that is there already gets its line references. */
export function addHostLines(because: EvidenceLine[], subject: Subject): EvidenceLine[] {
  for (const line of hostLines(subject)) {
    const known = because.find(({ says }) => says === line.says);
    if (known === undefined) because.push(line);
    else if (line.lines !== undefined) known.lines = line.lines;
  }
  return because;
}

function hostLines(subject: Subject): EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  const said = evidence.kernelReason.of(subject);
  const r = evidence.reset.of(subject);
  const packets = r.known ? [r.packet.number] : [];
  const silence = evidence.hostSilence.of(subject);
  if (silence.known) lines.push({ fact: 'hostSilence', says: silence.says, packets, lines: silence.lines });
  if (said.known) lines.push({ fact: 'kernelReason', says: said.says, packets, lines: said.lines });
  const counted = evidence.counterDeltas.of(subject);
  if (counted.known)
    lines.push({ fact: 'counterDeltas', says: counted.says, packets: [], lines: counted.lines });
  for (const fact of ['socketState', 'conntrackEntry'] as const) {
    const listed = evidence[fact].of(subject);
    if (listed.known) lines.push({ fact, says: listed.says, packets: [], lines: listed.lines });
  }
  const logged = evidence.programLog.of(subject);
  if (logged.known)
    for (const { says, line } of logged.errors)
      lines.push({ fact: 'programLog', says, packets: [], lines: [line] });
  return lines;
}
