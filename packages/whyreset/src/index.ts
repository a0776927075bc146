import { CaptureSet } from './capture-set.ts';
import type { CauseExplanation } from './causes/about.ts';
import { explainCause, findCause } from './causes/find.ts';
import { Diagnosis } from './diagnosis.ts';
import { explainText } from './explain/explain-text.ts';
import type { TextExplanation } from './explain/explanation.ts';
import type { ConnectionChoice } from './filter.ts';
import { HostRecording, type Snapshot } from './host/recording.ts';
import type { HostRecords } from './host/records.ts';
import { Prelude } from './prelude.ts';
import { CaptureStream, type DiagnosisStream } from './stream.ts';
import { LibraryUsageError } from './usage-error.ts';
import type { Result } from './verdict/result.ts';
import { NotACaptureError } from './wire/not-a-capture.ts';

export type { AboutCause, BaseRate, CauseExplanation, Discrimination } from './causes/about.ts';
export type { AdviceLine } from './causes/advice.ts';
export type { ConnState, Side } from './connection/connection.ts';
export type { Roles, RolesBasis } from './connection/roles.ts';
export type { TextCause, TextCertainty, TextExplanation } from './explain/explanation.ts';
export type { Ask, AskedHost, CapturePlace } from './families/ask.ts';
export type { ConnectionChoice } from './filter.ts';
export type { CallPath } from './host/call-path.ts';
export type { Snapshot } from './host/recording.ts';
export { type HostSource, type LineRef, NotHostDataError } from './host/source.ts';
export type { EndingId } from './logs/endings.ts';
export type { Features } from './logs/features.ts';
export type { Ended } from './logs/observation.ts';
export type { Recognised } from './logs/recognise.ts';
export type { Strength, Verified } from './logs/wording.ts';
export type { DiagnosisStream } from './stream.ts';
export { LibraryUsageError } from './usage-error.ts';
export type {
  Alternative,
  Certainty,
  EvidenceLine,
  Example,
  Finding,
  FindingMember,
  InputSummary,
  LadderRow,
  MakerEntry,
  NamedCause,
  NextItem,
  Objection,
  OtherVantage,
  PacketFate,
  ResetEntry,
  Result,
  Sender,
  Summary,
  VantageEntry,
  Verdict,
} from './verdict/result.ts';
export { SCHEMA } from './verdict/result.ts';
export { NotACaptureError } from './wire/not-a-capture.ts';
export type { CaptureWarning, OtherPackets } from './wire/reader.ts';

/** A capture in memory, with the name it is to have in the result. */
export interface CaptureInput {
  name: string;
  bytes: Uint8Array;
}

/** What a host recorded beside the packets, in memory. */
export type HostInput =
  | {
      /** Lines of the kernel's `tcp_send_reset` and `tcp_receive_reset`, or the log of any program. */
      kind: 'trace' | 'log';
      name: string;
      bytes: Uint8Array;
    }
  | {
      /** Two snapshots of the counters of one host, by `nstat -az` or of /proc/net/netstat and snmp. */
      kind: 'counters';
      before: Snapshot;
      after: Snapshot;
      /** Address of that host as the captures show it; left out: worked out where it can be. */
      host?: string;
    };

/**
 * Says who reset which connection in one or more captures, why, and what to change.
 *
 * @param captures pcap or pcapng bytes, uncompressed; or packets as text (tcpdump's lines, packet lists of tshark and
 *   Wireshark, `tshark -T json`, `ek`, `pdml` or `fields`), in UTF-8 or UTF-16: `inputs[].format` says which was found
 * @param beside what the hosts recorded in the same time; each is matched to a connection by time and address
 * @throws NotACaptureError when an input is no capture at all; damage inside one becomes a warning
 * @throws NotHostDataError when a file beside the captures is not what it is said to be
 */
export function diagnose(
  captures: Uint8Array | readonly CaptureInput[],
  beside: readonly HostInput[] = [],
): Result {
  const inputs = captures instanceof Uint8Array ? [{ name: 'capture', bytes: captures }] : captures;
  if (!Array.isArray(inputs) || inputs.some((input) => !(input?.bytes instanceof Uint8Array)))
    throw new LibraryUsageError(
      'diagnose takes the bytes of a capture (a Uint8Array, as readFileSync gives), or a list of { name, bytes }',
      Array.isArray(inputs) ? inputs.find((input) => !(input?.bytes instanceof Uint8Array)) : captures,
    );
  const set = new CaptureSet(inputs.length);
  const files = inputs.map(({ name, bytes }, position) => ({
    given: { bytes, position },
    name,
    prelude: inputs.length > 1 ? preludeOf(bytes) : null,
  }));
  for (const { given, name, prelude } of CaptureSet.order(files)) {
    const gathering = set.take(given.position, name, prelude);
    gathering?.push(given.bytes);
    gathering?.endFile();
  }
  const { gathered } = set.close();
  return new Diagnosis(gathered, recordsOf(beside)).result();
}

/**
 * A diagnosis of captures that come in pieces; `push` them, then ask for the `result`.
 *
 * ```ts
 * const diagnosis = createDiagnosis({ port: 8080 });
 * for await (const chunk of createReadStream('trouble.pcap')) diagnosis.push(chunk);
 * console.log(diagnosis.result().findings[0]?.headline);
 * ```
 *
 * @param choice which connections it is about, as the options of the command say; all unless given
 * @param beside what the hosts recorded in the same time
 * @throws NotHostDataError when a record is not what it is said to be
 */
export function createDiagnosis(
  choice: ConnectionChoice = {},
  beside: readonly HostInput[] = [],
): DiagnosisStream {
  return new CaptureStream(choice, recordsOf(beside));
}

/** The beginning of a capture; null for what is none, which reading it will say. */
function preludeOf(bytes: Uint8Array): Prelude | null {
  const prelude = new Prelude();
  try {
    prelude.push(bytes);
    if (!prelude.enough) prelude.end();
    return prelude;
  } catch (error) {
    if (error instanceof NotACaptureError) return null;
    throw error;
  }
}

function recordsOf(beside: readonly HostInput[]): HostRecords | null {
  const recording = new HostRecording();
  for (const input of beside) {
    if (input.kind === 'counters') {
      recording.counters(input.before, input.after, input.host ?? null);
      continue;
    }
    const reader = recording.read(input.kind);
    reader.push(input.bytes);
    reader.end(input.name);
  }
  return recording.records();
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
