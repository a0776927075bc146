import type { Side } from '../connection/connection.ts';
import type { CallPath } from '../host/call-path.ts';
import type { AdviceLine } from './advice.ts';

export interface Rival {
  /** Id of the cause it is mistaken for. */
  cause: string;
  /** What tells the two apart. */
  discriminator: string;
  /** The one extra item that settles it when the packets do not. */
  ask: string;
}

/** What the catalogue says of a cause in words and names; no code. */
export interface AboutCause {
  id: string;
  /** Letter and number of the taxonomy (H handshake, P first data, D in flight, I idle, B benign). */
  taxonomy: string;
  /** Noun phrase, lower case after the first word, no final stop. */
  title: string;
  resetBy: Side | 'either' | 'path';
  /** A harmless ending, not a fault. */
  benign: boolean;
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
  /** Ids of more general causes that this one makes more precise; it wins over them at equal strength. */
  refines: readonly string[];
  rivals: readonly Rival[];
  /** Id of the lab scenario that makes it happen; null where no Linux machine can. */
  scenario: string | null;
}

/** What `whyreset explain` tells of a cause. */
export interface CauseExplanation extends AboutCause {
  /** What to change, in general: no connection is at hand whose numbers could be filled in. */
  advice: readonly AdviceLine[];
}
