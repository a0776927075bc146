import type { AdviceLine } from '../causes/advice.ts';
import type { ConnState, Side } from '../connection/connection.ts';
import type { Roles } from '../connection/roles.ts';
import type { Ask } from '../families/ask.ts';
import type { HostSource, LineRef } from '../host/source.ts';
import type { CaptureWarning, OtherPackets } from '../wire/reader.ts';

/** The version of the result; see schema/result.schema.json. */
export const SCHEMA = 'whyreset/result@2';

/**
 * `proven`: the packets leave no other reading. `likely`: the expected pattern
 * in full. `possible`: it fits and stands first, and so does a rival that is
 * named. `undetermined`: nothing puts one before the others.
 */
export type Certainty = 'proven' | 'likely' | 'possible' | 'undetermined';
export type Sender = Side | 'middlebox' | 'undetermined';

/** A cause with its own certainty. */
export interface NamedCause {
  cause: string;
  /** Letter and number of the taxonomy, `I1`. */
  taxonomy: string;
  title: string;
  certainty: Certainty;
}

export interface Verdict {
  /** Id of the family; null when nothing speaks for any cause. */
  family: string | null;
  /** The most precise cause that stands first; null when none does. */
  cause: string | null;
  taxonomy: string | null;
  /** Of the cause. */
  certainty: Certainty;
  /** A more general cause that is surer than the one named: `write-after-close` is proven, why it was closed is likely. */
  general: NamedCause | null;
  /** Who made the RST (or the FIN that ended it). */
  sender: Sender;
  senderCertainty: Certainty;
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

/** A cause and the sentence that excludes it, or speaks against it. */
export interface Objection {
  cause: string;
  because: string;
}

/** A cause that the packets allow as well. */
export interface Alternative {
  cause: string;
  taxonomy: string;
  family: string;
  because: string;
}

/** The one extra item that would settle it. */
export interface NextItem {
  item: Ask['item'];
  /** In words. */
  text: string;
  /** What its content would mean: `TCP_STATE means abort-by-linger-zero`; null where nothing short says it. */
  answers: string | null;
  /** A shell line that records it; null where words are enough. */
  command: string | null;
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

/** A ladder's packet as another capture holds it. */
export interface OtherVantage {
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
  /** What its payload begins, where the capture holds it: `POST /orders`, `200`, `TLS alert: unknown_ca`. */
  application?: string;
  /** Plain words for what matters about it, or null. */
  note: string | null;
  /** How much it matters, 0 to 100: where room is short the least go first. From 75 on a row always stays. */
  weight: number;
  /** Packets left out before this row. */
  elided: number;
  /** The row is no TCP packet but an ICMP error that quotes one; `between`: not from the end whose side it comes from. */
  icmp?: { type: number; code: number; reporter: string; between: boolean };
  /** The capture the packet stands in, when the entry's own does not hold it. */
  input?: number;
  /** With several captures: what the others hold of it. */
  elsewhere?: OtherVantage[];
}

/** Why the verdict names this sender of the RST. */
export interface MakerEntry {
  because: EvidenceLine[];
  /** Other makers that the packets allow, each a noun phrase. */
  rivals: string[];
}

/** One connection that carries a RST, or that ended in trouble without one. */
export interface ResetEntry {
  connection: {
    /** The client, as far as `roles` goes; Zeek's originator may be the other side. */
    originator: string;
    responder: string;
    /** Of the connection with these roles. */
    state: ConnState;
    history: string;
    roles: Pick<Roles, 'basis' | 'certainty' | 'says'>;
  };
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
  /** What shows who made the RST; null without a RST. */
  maker: MakerEntry | null;
  /** One sentence that is certain whichever member of the family it is; null without a family. */
  statement: string | null;
  evidence: EvidenceLine[];
  /** Causes that a law of the protocol, or the kernel’s own record, excludes. */
  ruledOut: Objection[];
  /** Causes that something speaks against without excluding them. */
  doubted: Objection[];
  /** Other causes that remain, most probable first. */
  alternatives: Alternative[];
  /** Null when it is settled, or nothing that could be asked for would help. */
  next: NextItem | null;
  /** Numbers of this connection that its family compares, in SI units, by name; absent where there is none. */
  measures?: Readonly<Record<string, number>>;
  /** With several captures: each that holds the connection, the entry's own first. */
  vantages?: VantageEntry[];
}

/** One cause within a finding, with how many connections it holds for. */
export interface FindingMember {
  cause: string;
  taxonomy: string;
  title: string;
  /** Connections of which it is the first cause, by certainty; all 0 where it is only an alternative. */
  count: Record<Certainty, number>;
}

/** One trouble with one fix: connections of one family that share a server, a client or a path. */
export interface Finding {
  /** Null for connections of which nothing speaks for any cause. */
  family: string | null;
  /** Of the family, a noun phrase. */
  title: string;
  /** What its connections have in common. */
  sharedBy: 'server' | 'client' | 'path' | 'moment';
  /** The answer in one to three sentences: why, how many, how sure. */
  headline: string;
  /** What is certain, for the first example. */
  statement: string | null;
  /** That of the first example; of a scan or a flood `likely`, and without a cause. */
  verdict: Verdict;
  /** Causes that are named for some of its connections first, then those that remain possible; none of an event. */
  members: FindingMember[];
  count: number;
  /** All connections to these servers in the captures; null when not counted. */
  total: number | null;
  /** Of `count`, connections that carry a RST. */
  resets: number;
  /** Numbers that they share, in SI units, by name. */
  measures: Record<string, { min: number; max: number }>;
  advice: AdviceLine[];
  next: NextItem | null;
  /** Server endpoints concerned, most frequent first, at most five, with how often. */
  servers: { endpoint: string; count: number }[];
  /** Client addresses concerned, likewise. */
  clients: { address: string; count: number }[];
  first: string;
  last: string;
  /** One to three connections in full, the surest first. */
  examples: Example[];
}

/** A connection in full. */
export interface Example {
  /** The entry of `resets` it is. */
  entry: ResetEntry;
  ladder: LadderRow[];
  /** Packets left out after the last row. */
  elidedAfter: number;
  /** Seconds from the place of the capture to each end, half of the shortest round trip; null where none was seen. */
  delay: Record<Side, number | null>;
}

export interface InputSummary {
  name: string;
  /** A capture that was written to several files: these, in order of time; packets are numbered on through them. */
  files?: { name: string; packets: number }[];
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
