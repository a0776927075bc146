import type { Side } from '../connection/connection.ts';
import type { CallPath } from '../host/call-path.ts';
import type { AdviceLine } from './advice.ts';

/** How often a cause is behind such packets, where nothing else tells it from its like. */
export type BaseRate = 'common' | 'occasional' | 'rare';

/** What the catalogue says of a cause in words and names; no code. */
export interface AboutCause {
  id: string;
  /** Letter and number of the taxonomy (H handshake, P first data, D in flight, I idle, B benign). */
  taxonomy: string;
  /** Id of the family it belongs to: causes that one fix ends, or that the wire cannot tell apart. */
  family: string;
  /** How usual it is, and who says so. */
  baseRate: { is: BaseRate; source: string };
  /** Noun phrase, lower case after the first word, no final stop. */
  title: string;
  resetBy: Side | 'either' | 'path';
  /** A harmless ending, not a fault. */
  benign: boolean;
  /**
   * The RST may be another host's that has the same address: a proof that the TCP which held the connection did not
   * make it leaves that open.
   */
  byAnotherHost?: true;
  /** The connection outlived it: an attempt to reset, not a reset. */
  inVain?: true;
  /** Linux `SK_RST_REASON_` names (include/net/rstreason.h) that go with it. */
  kernelReasons: readonly string[];
  /**
   * The ways through the kernel that end so, where the reason is shared by several causes: a stack in the
   * trace then decides. Absent where any way will do.
   */
  callPaths?: readonly CallPath[];
  /** SNMP counters that move with it. */
  counters: readonly string[];
  references: readonly string[];
  /** Three to eight sentences for a tired engineer. */
  explain: string;
  /** Ids of more general causes that this one makes more precise. Both levels are reported, each with its own certainty. */
  refines: readonly string[];
  /** Id of the lab scenario that makes it happen, or why no scenario does. */
  scenario: string | { none: string };
}

/** What tells a cause from another, as its family says. */
export interface Discrimination {
  cause: string;
  /** What tells the two apart. */
  by: string;
  /** The one extra item that settles it when the packets do not, in words. */
  ask: string;
}

/** What `whyreset explain` shows of a cause. */
export interface CauseExplanation extends AboutCause {
  /** What was explained: a cause of the catalogue, where a text has `text`. */
  kind: 'cause';
  /** What to change, in general: no connection is at hand whose numbers could be filled in. */
  advice: readonly AdviceLine[];
  mistakenFor: readonly Discrimination[];
}
