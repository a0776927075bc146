import type { CauseExplanation } from './causes/about.ts';
import { explainCause, findCause } from './causes/find.ts';
import { Diagnosis } from './diagnosis.ts';
import { Gathering } from './gather.ts';
import { explainText, type TextExplanation } from './logs/explain-text.ts';
import type { Result } from './verdict/result.ts';

export type { AboutCause, CauseExplanation, Rival } from './causes/about.ts';
export type { AdviceLine } from './causes/advice.ts';
export type { ConnState, Side } from './connection/connection.ts';
export type { TextExplanation } from './logs/explain-text.ts';
export type {
  Alternative,
  Certainty,
  EvidenceLine,
  Example,
  Finding,
  InputSummary,
  LadderRow,
  ResetEntry,
  Result,
  RuledOut,
  Sender,
  Summary,
  Verdict,
} from './verdict/result.ts';
export { NotACaptureError } from './wire/not-a-capture.ts';
export type { CaptureWarning } from './wire/reader.ts';

/** A capture in memory, with the name it is to have in the result. */
export interface CaptureInput {
  name: string;
  bytes: Uint8Array;
}

/**
 * Says who reset which connection in one or more captures, why, and what to change.
 *
 * @param captures pcap or pcapng bytes, uncompressed
 * @throws NotACaptureError when an input is no capture at all; damage inside one becomes a warning
 */
export function diagnose(captures: Uint8Array | readonly CaptureInput[]): Result {
  const inputs = captures instanceof Uint8Array ? [{ name: 'capture', bytes: captures }] : captures;
  const gathered = inputs.map(({ name, bytes }, input) => {
    const gathering = new Gathering(input, { several: inputs.length > 1 });
    gathering.push(bytes);
    gathering.end();
    return gathering.gathered(name);
  });
  return new Diagnosis(gathered).result();
}

/**
 * Explains a cause (by id or by its letter in the taxonomy) or an error text.
 *
 * @returns null when it is neither
 */
export function explain(what: string): CauseExplanation | TextExplanation | null {
  const cause = findCause(what);
  return cause === null ? explainText(what) : explainCause(cause);
}
