import type { AdviceLine } from '../causes/advice.ts';
import type { ConnState, Side } from '../connection/connection.ts';
import type { HostSource, LineRef } from '../host/source.ts';
import type { CaptureWarning, OtherPackets } from '../wire/reader.ts';

/** The version of the result; see schema/result.schema.json. */
export const SCHEMA = 'whyreset/result@1';

/**
 * `proven`: the packets leave no other reading. `likely`: the expected pattern
 * in full. `possible`: it fits, and so does a rival that is named.
 * `undetermined`: nothing singles one cause out.
 */
export type Certainty = 'proven' | 'likely' | 'possible' | 'undetermined';
export type Sender = Side | 'middlebox' | 'undetermined';

export interface Verdict {
  sender: Sender;
  cause: string | null;
  /** Letter and number of the taxonomy, `I1`. */
  taxonomy: string | null;
  certainty: Certainty;
  benign: boolean;
}

export interface EvidenceLine {
  fact: string;
  says: string;
  packets: number[];
  /** Index of the input that `packets` count in, when it is not the entry's own. */
  input?: number;
  /** Lines of a trace or log that show it, or a counter file (line 0). */
  lines?: LineRef[];
}

export interface RuledOut {
  cause: string;
  because: string;
}

/** A cause that the packets allow as well. */
export interface Alternative {
  cause: string;
  taxonomy: string;
  because: string;
}

/** What became of a packet in another capture; see `vantage/pair.ts`. */
export type PacketFate = 'both' | 'altered' | 'lost' | 'injected' | 'missing' | 'unknown';

/** How one capture saw the connection of an entry. */
export interface VantageEntry {
  /** Index into `inputs`. */
  input: number;
  /** The ends as they are called there: a NAT renames them. */
  originator: string;
  responder: string;
  /** `same` TCP connection, or one that a proxy between `terminated`: two connections with the same payload. */
  relation: 'same' | 'terminated';
  /** Nearer the client or the server than the entry's capture; null for that itself, and when nothing tells. */
  nearer: 'client' | 'server' | null;
  /** The entry's packet there; null when it is not there, or was not kept. */
  packet: number | null;
  fate: PacketFate;
  /** That capture's clock less the clock of the entry's, seconds; null when unknown. */
  clock: { offset: number; error: number } | null;
  /** Routers between the two, from the TTL lost; null when unknown. */
  hops: number | null;
  /** What the packets had changed on the way, in words. */
  altered: string[];
}

/** What became of a ladder's packet in another capture. */
export interface Elsewhere {
  input: number;
  packet: number | null;
  fate: PacketFate;
}

/** One row of the ladder. */
export interface LadderRow {
  packet: number;
  /** Seconds since the connection's first packet. */
  time: number;
  from: Side;
  /** In tcpdump's letters: `S.`, `P.`, `R.`. */
  flags: string;
  seq: number;
  ack: number | null;
  length: number;
  /** Plain words for what matters about it, or null. */
  note: string | null;
  /** Packets left out before this row. */
  elided: number;
  /** The capture the packet stands in, when the entry's own does not hold it. */
  input?: number;
  /** With several captures: what the others hold of it. */
  elsewhere?: Elsewhere[];
}

/** One connection that carries a RST, or that ended in trouble without one. */
export interface ResetEntry {
  connection: { originator: string; responder: string; state: ConnState; history: string };
  /** Index into `inputs`. */
  input: number;
  /** The connection carries a RST. */
  reset: boolean;
  /** The first RST, else the packet that ended it. */
  packet: number;
  /** ISO 8601 with as many digits as the capture has. */
  time: string;
  claimedSender: Side | null;
  verdict: Verdict;
  evidence: EvidenceLine[];
  ruledOut: RuledOut[];
  alternatives: Alternative[];
  advice: AdviceLine[];
  /** The one extra item that would settle it; null when it is settled. */
  next: string | null;
  /** With several captures: each that holds the connection, the entry's own first. */
  vantages?: VantageEntry[];
}

/** Connections with the same story. */
export interface Finding {
  cause: string | null;
  taxonomy: string | null;
  title: string;
  verdict: Verdict;
  count: number;
  /** Of these, connections that carry a RST. */
  resets: number;
  /** One sentence: who, why, how sure. */
  sentence: string;
  /** What they share, as “all 4,812 of them 60.0 s after the last byte”; null for a single one. */
  story: string | null;
  /** Server endpoints concerned, most frequent first, at most five, with how often. */
  servers: { endpoint: string; count: number }[];
  first: string;
  last: string;
  /** Two or three connections told in full. */
  examples: Example[];
}

/** A connection told in full. */
export interface Example {
  /** The entry of `resets` it is. */
  entry: ResetEntry;
  ladder: LadderRow[];
  /** Packets left out after the last row. */
  elidedAfter: number;
}

export interface InputSummary {
  name: string;
  format: string;
  packets: number;
  tcpPackets: number;
  /** What the capture holds besides TCP, most frequent first. */
  other?: OtherPackets[];
  warnings: CaptureWarning[];
}

export interface Summary {
  connections: number;
  resets: number;
  benign: number;
  problems: number;
  undetermined: number;
}

export interface Result {
  schema: typeof SCHEMA;
  inputs: InputSummary[];
  /** Traces, counters and logs given beside the captures; absent without any. */
  hostFiles?: HostSource[];
  summary: Summary;
  findings: Finding[];
  resets: ResetEntry[];
}
