import { findCause } from '../causes/find.ts';
import { Diagnosis } from '../diagnosis.ts';
import { Gathering } from '../gather.ts';
import type { ResetEntry, Result } from '../verdict/result.ts';
import { hostRecordsOf } from './host-records.ts';
import { ADDRESSES, type Host } from './path/addresses.ts';
import type { RecordedSegment } from './recorder.ts';
import type { Recorded, Run } from './run.ts';
import type { Shape, Truth } from './scenario.ts';

/** `kernel` is both captures with the kernels' trace lines and counters, `router` that of a router, where there is one. */
export type VantageName = 'client' | 'server' | 'both' | 'kernel' | 'router';
/** Those that every scenario has. */
export const VANTAGES = ['client', 'server', 'both', 'kernel'] as const satisfies readonly VantageName[];

/** How a diagnosis stands to the truth. */
export type Grade =
  /** The true cause, with at least `possible`. */
  | 'right'
  /** A cause that the same packets allow, with the true one listed or allowed. */
  | 'allowed'
  /** The true cause is listed, and no other is called more than `possible`. */
  | 'listed'
  /** Rightly nothing to report. */
  | 'quiet'
  | 'wrong';

/** One vantage's diagnosis held against the truth. */
export interface Checked {
  vantage: VantageName;
  grade: Grade;
  /** The family of the true cause is that of the verdict, or rightly nothing is reported. */
  family: boolean;
  /** What was said, e.g. `keep-alive-race-crossing (proven)`. */
  says: string;
  /** Why it is wrong; null when it is not. */
  wrong: string | null;
  result: Result;
}

/** Checks the run itself against the scenario's expectation; each entry is a sentence about what is not so. */
export function checkRun(run: Run): string[] {
  const { expect } = run.scenario;
  const faults: string[] = [];
  const { client, server } = run.captures ?? {};
  for (const [name, capture] of Object.entries(run.captures ?? {})) {
    if (capture.dropped > 0) faults.push(`${capture.dropped} frames were lost at the ${name}`);
  }
  const errors = run.words.filter(({ host }) => host === 'client');
  const told = errors.map(({ message, code }) => `${message} [${code}]`).join('; ') || 'none';
  const { error } = expect;
  if (error === null && errors.length > 0) faults.push(`the client was to see no error, and saw: ${told}`);
  if (
    error !== null &&
    !errors.some(
      (seen) =>
        new RegExp(`^(${error.code})$`).test(seen.code) &&
        (error.errno === undefined || seen.errno === error.errno) &&
        (error.syscall === undefined || seen.syscall === error.syscall) &&
        (error.message === undefined || error.message.test(seen.message)),
    )
  )
    faults.push(
      `the client was to see ${error.code}${error.message ? ` ${error.message}` : ''}, and saw: ${told}`,
    );

  for (const [name, line] of Object.entries(expect.says ?? {})) {
    const said = run.output[name] ?? [];
    if (!said.some((each) => line.test(each)))
      faults.push(`${name} was to say ${line}, and said: ${said.at(-1) ?? 'nothing'}`);
  }

  if (client !== undefined && server !== undefined) {
    const resets = [...client.segments, ...server.segments].filter(({ reset }) => reset);
    const { mayReset } = expect;
    const unexpected = resets.filter(({ source }) => mayReset === undefined || !isOf(mayReset, source));
    const { window } = expect;
    if (window !== undefined) {
      const { before, reset } = windowsOf(server.segments);
      const seen = reset - before >= JUMP ? 'reopened' : 'shrunk';
      if (seen !== window)
        faults.push(`the window was to be ${window}, and was ${before} before the RST and ${reset} in it`);
    }
    if (expect.resetBy === null && unexpected.length > 0)
      faults.push('no RST was to be sent, but one was recorded');
    if (expect.resetBy !== null) {
      const { resetBy } = expect;
      const own = resets.filter(({ source }) => isOf(resetBy, source));
      if (own.length === 0) faults.push(`no RST of the ${resetBy} was recorded`);
      else if (expect.shape !== null && !own.some((segment) => shapeOf(segment) === expect.shape))
        faults.push(
          `the RST was to be of the ${expect.shape} shape, and is [${own[0]!.flags}] win ${own[0]!.window}`,
        );
    }
  }
  if (run.trace !== null && expect.reason !== undefined) {
    const sent = run.trace.filter((line) => line.includes('tcp_send_reset:'));
    if (expect.reason === null && sent.length > 0)
      faults.push(`the kernel was to send no RST: ${sent[0]!.trim()}`);
    const { reason } = expect;
    if (reason !== null && !sent.some((line) => new RegExp(`reason=(${reason})\\b`).test(line)))
      faults.push(
        `the kernel was to name ${reason}, and named: ${sent.map(reasonOf).join(', ') || 'nothing'}`,
      );
  }
  for (const [host, wanted] of Object.entries(expect.counters ?? {})) {
    const seen = run.counters[host as Host];
    if (seen === undefined) continue;
    for (const [name, change] of Object.entries(wanted)) {
      const got = seen[name] ?? 0;
      if (change === 'some' ? got <= 0 : got !== change)
        faults.push(`${host}: ${name} changed by ${got}, not by ${change}`);
    }
  }
  return faults;
}

/** A box speaks in the name of others: any RST may be its own. */
const isOf = (host: Host, source: string): boolean =>
  host === 'router' ||
  Object.values<string>(ADDRESSES[host]).includes(source) ||
  // The standby host takes the server's address.
  (host === 'standby' && isOf('server', source));

/** Units of the window, unscaled, by which it must grow to be called reopened. */
const JUMP = 3;

/** Window of the server's first RST with a window, and of its last segment before that. */
function windowsOf(segments: readonly RecordedSegment[]): { before: number; reset: number } {
  const own = segments.filter(({ source }) => isOf('server', source));
  const at = own.findIndex(({ reset, window }) => reset && window > 0);
  return { before: own[at - 1]?.window ?? 0, reset: own[at]?.window ?? 0 };
}

function shapeOf({ flags, window, ttl }: RecordedSegment): Shape {
  const byHost = ttl === 63 || ttl === 64;
  if (!byHost) return 'forged';
  if (flags === 'R') return window === 0 ? 'passive' : 'forged';
  return window === 0 ? 'answer-to-syn' : 'active';
}

const reasonOf = (line: string) => /reason=(\S+)/.exec(line)?.[1] ?? 'no reason';

/** Diagnoses a run from each vantage, and holds what is said against the truth. */
export function checkDiagnosis(run: Recorded): Checked[] {
  const { captures } = run;
  if (captures === null) return [];
  const { truth: truths } = run.scenario.expect;
  const views: Record<VantageName, readonly ('client' | 'server' | 'router')[]> = {
    client: ['client'],
    server: ['server'],
    both: ['client', 'server'],
    kernel: ['client', 'server'],
    router: ['router'],
  };
  const vantages: VantageName[] = [
    ...VANTAGES,
    ...(captures.router === undefined ? [] : (['router'] as const)),
  ];
  return vantages.map((vantage) => {
    const gathered = views[vantage].map((name, index) => {
      const gathering = new Gathering(index, { several: views[vantage].length > 1 });
      gathering.push(captures[name]!.bytes);
      gathering.end();
      return gathering.gathered(`${name}.pcapng`);
    });
    const records = vantage === 'kernel' ? hostRecordsOf(run) : null;
    const result = new Diagnosis(gathered, records).result();
    const truth = truths[vantage] ?? truths.both;
    return { vantage, result, ...grade(result, truth, run) };
  });
}

const SENDERS: Record<Host, ResetEntry['verdict']['sender']> = {
  client: 'originator',
  server: 'responder',
  router: 'middlebox',
  standby: 'responder',
};

function grade(
  result: Result,
  truth: Truth,
  run: Recorded,
): Pick<Checked, 'grade' | 'family' | 'says' | 'wrong'> {
  const ranked = [...result.resets].sort((a, b) => fitness(b, truth) - fitness(a, truth));
  const [first] = ranked;
  const says = first === undefined ? 'nothing to report' : sayOf(first);
  const wrong =
    ranked.map((entry) => faultOf(entry, truth, run)).find((fault) => fault !== null) ??
    (truth.causes.length > 0 && (first === undefined || fitness(first, truth) === 0)
      ? `the cause is ${truth.causes[0]}, which is not among what is said`
      : truth.count !== undefined && ranked.length !== truth.count
        ? `${ranked.length} troubles are told, and there ${truth.count === 1 ? 'is' : 'are'} ${truth.count}`
        : null);
  const [cause] = truth.causes;
  const family = (cause === undefined ? undefined : findCause(cause)?.family) === first?.verdict.family;
  if (wrong !== null) return { grade: 'wrong', family, says, wrong };
  if (truth.causes.length === 0) {
    // Where a client met an error, its own side may show the trouble though not the cause: a mere possibility is no fault.
    const met = run.scenario.expect.error !== null;
    const told = ranked.some(({ verdict }) => !verdict.benign && !(met && verdict.certainty === 'possible'));
    return told
      ? { grade: 'wrong', family, says, wrong: 'nothing was to be reported' }
      : { grade: 'quiet', family: true, says, wrong };
  }
  const fit = fitness(first!, truth);
  return { grade: fit === 3 ? 'right' : fit === 2 ? 'allowed' : 'listed', family, says, wrong };
}

function sayOf({ verdict, alternatives }: ResetEntry): string {
  const { cause, certainty, sender } = verdict;
  const who = `${certainty}${sender === 'undetermined' ? '' : `, ${sender}`}`;
  if (cause !== null) return `${cause} (${who})`;
  const listed = alternatives.map((alternative) => alternative.cause);
  return `undetermined${listed.length > 0 ? `: ${listed.join(' or ')}` : ''}`;
}

/** 3 the true cause, 2 one the packets allow, 1 listed, 0 not named. */
function fitness({ verdict, alternatives }: ResetEntry, { causes }: Truth): number {
  const [cause] = causes;
  if (cause === undefined) return 0;
  if (verdict.cause === cause) return 3;
  if (verdict.general?.cause === cause) return 3;
  if (verdict.cause !== null && causes.includes(verdict.cause)) return 2;
  const open = verdict.cause === null || verdict.certainty === 'possible';
  return open && alternatives.some((alternative) => alternative.cause === cause) ? 1 : 0;
}

/** What is wrong in an entry: a false accusation, or more certainty than the packets give. */
function faultOf(entry: ResetEntry, truth: Truth, run: Recorded): string | null {
  const { cause, certainty, sender, benign } = entry.verdict;
  const { resetBy, byFirewall, routerToo, also = [] } = run.scenario.expect;
  const box = entry.reset && sender === 'middlebox';
  // What the host's own filter made may look like a box's, but then nothing proves a box.
  const honest = byFirewall === true && certainty !== 'proven';
  if (box && resetBy !== 'router' && !honest && routerToo !== true)
    return `a box between is blamed, and the ${resetBy ?? 'path'} did it`;
  if (cause === null || also.includes(cause)) return null;
  const claimed =
    entry.reset &&
    !box &&
    routerToo !== true &&
    sender !== 'undetermined' &&
    truth.causes.includes(cause) &&
    !benign;
  if (claimed && truth.sender !== null && sender !== SENDERS[truth.sender])
    return `the sender is the ${truth.sender}, not the ${sender}`;
  return overSure(entry, truth) ? `${cause} is said to be ${certainty}` : null;
}

/** Another cause is `likely` or `proven`, and neither is it a more general form of the true one, nor is that beside it. */
function overSure({ verdict, alternatives }: ResetEntry, { causes }: Truth): boolean {
  const [wanted] = causes;
  const { cause, certainty, benign } = verdict;
  if (cause === null || cause === wanted || certainty === 'possible') return false;
  if (benign || !causes.includes(cause)) return !benign;
  const general = wanted !== undefined && findCause(wanted)?.refines.includes(cause) === true;
  if (!general && certainty === 'proven') return true;
  return !general && !alternatives.some((alternative) => alternative.cause === wanted);
}
