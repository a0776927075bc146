import type { Connection, Side, TimelinePacket } from '../connection/connection.ts';
import type { Numbering } from './numbering.ts';

/** How far the clock of the other capture is ahead of this one's: `offset` ± `error` seconds. */
export interface ClockDifference {
  offset: number;
  /** Half the round trip between the two vantages, plus what the clocks drifted meanwhile. */
  error: number;
}

/**
 * What became of one packet of this capture in the other one.
 *
 * - `both`: it is there, in one piece or in several; `ttlAsUsual` when it crossed as many routers as its kin.
 * - `lost`: it passed here on its way to the other vantage and never came there.
 * - `injected`: it should have passed the other vantage first, and did not.
 * - `missing`: it is not there, and which way it went is unknown.
 * - `unknown`: it is not there, but its absence proves nothing; `why` says what is in the way.
 */
export type Fate =
  | { kind: 'both'; packet: TimelinePacket; ttlAsUsual: boolean; altered: string[] }
  | { kind: 'lost' | 'injected' | 'missing'; before: TimelinePacket; after: TimelinePacket | null }
  | { kind: 'unknown'; why: string };

/** A connection of one capture, and what another capture holds of it. */
export interface Pair {
  /** The other capture's view, its sides turned to be those of this one. */
  readonly other: Connection;
  /**
   * `same`: one TCP connection, seen twice. `terminated`: two TCP connections
   * with the same payload; something between the vantages ends the one and
   * begins the other, so that packets cannot be compared.
   */
  readonly relation: 'same' | 'terminated';
  /** Addresses or ports differ: a NAT between. */
  readonly translated: boolean;
  /** Which of the two vantages is nearer the originator; null when nothing tells. */
  readonly nearerOriginator: 'this' | 'other' | null;
  readonly clock: ClockDifference | null;
  /** Routers between the vantages, from the TTL lost; null when no packet shows it. */
  readonly hops: number | null;
  /** What is added on the way to the sequence numbers of each side, here to there; null unknown. */
  readonly shifts: Numbering;
  /** The other capture holds a RST of that side's host, in whatever connection: it does see what that host resets. */
  readonly seesResets: Readonly<Record<Side, boolean>>;
  /** What every packet of a direction had changed on the way, in words. */
  readonly altered: readonly string[];
  /** By position in this connection's timeline; empty when terminated. */
  readonly fates: readonly Fate[];
  /** By position in the other's timeline, the same seen from there. */
  readonly otherFates: readonly Fate[];
  /** When a packet of the other capture passed here, or would have; null when no packet of its side is in both. */
  passing(packet: TimelinePacket): number | null;
  /** What the clock here showed when the packet was captured there; null when the clocks cannot be compared. */
  moment(packet: TimelinePacket): number | null;
}

/** The pair's capture that stands nearer `side`; null when nothing tells. */
export function nearer(pair: Pair, side: Side): 'this' | 'other' | null {
  const { nearerOriginator } = pair;
  if (nearerOriginator === null || side === 'originator') return nearerOriginator;
  return nearerOriginator === 'this' ? 'other' : 'this';
}
