import type { Mark, Observation } from '../../logs/observation.ts';
import { type Duration, durationsIn } from './durations.ts';
import { gapsIn } from './gaps.ts';
import { type Finding, kernelTime } from './kernel.ts';
import { knownCount, knownTimeout } from './known.ts';
import { knownSize } from './sizes.ts';

export type { Finding } from './kernel.ts';

/** Beyond so many, a paste has numbers that nobody compares. */
const MOST = 4;

/** What the numbers of the text come to, the most telling first. */
export function findNumbers(text: string, seen: Observation): Finding[] {
  const connecting = seen.stage === 'connecting';
  const times = [...durationsIn(text), ...gapsIn(text)].flatMap((duration) => {
    const finding =
      (connecting && duration.role === 'limit'
        ? null
        : kernelTime(duration.seconds, connecting, isGivingUp(duration, seen) ? 'to minutes' : 'no')) ??
      (connecting ? null : knownTimeout(duration, seen, text));
    return finding === null ? [] : [finding];
  });
  const found = [...times, knownCount(text), mayBeSize(text, seen)].filter((finding) => finding !== null);
  const distinct = found.filter((one, i) => found.findIndex((other) => other.says === one.says) === i);
  return distinct.sort((a, b) => rankOf(a.mark) - rankOf(b.mark)).slice(0, MOST);
}

/** People round: a call that hung for 15 minutes and ended by the kernel’s timeout. */
const isGivingUp = ({ text, role }: Duration, { end, stage }: Observation): boolean =>
  end === 'silence' && stage !== 'connecting' && role !== 'interval' && role !== 'limit' && /m/i.test(text);

/** What a pause comes to that most endings of a log keep; a sentence without a final stop. */
export function knownInterval(seconds: number, text: string): string | null {
  const quiet: Observation = {
    end: 'closed',
    stage: 'idle',
    service: 'any',
    reporter: 'client',
    by: null,
    shown: new Set(),
    mentioned: new Set(),
  };
  const duration = { seconds, role: 'interval' as const, text: 'the pause between them' };
  return (kernelTime(seconds, false) ?? knownTimeout(duration, quiet, text))?.says ?? null;
}

/** A size says something only where a body was being sent or refused. */
function mayBeSize(text: string, { stage, shown, mentioned }: Observation): Finding | null {
  const sending =
    stage === 'sending' ||
    (['upload', 'large-body', 'said-too-large'] as const).some((m) => shown.has(m) || mentioned.has(m));
  return sending ? knownSize(text) : null;
}

const ORDER: readonly Mark[] = [
  'number-keepalive',
  'number-retransmission',
  'number-size',
  'number-count',
  'number-session',
  'number-path-idle',
  'number-server-idle',
  'number-request',
  'number-syn',
];
const rankOf = (mark: Mark | null): number => (mark === null ? ORDER.length : ORDER.indexOf(mark));
