import type { Connection } from '../connection/connection.ts';
import type { World } from './world.ts';

/** What evidence is drawn from: one connection, and what is known beyond it. */
export interface Subject {
  readonly connection: Connection;
  readonly world: World;
  /** Facts already drawn, by ordinal; each is computed once per connection. */
  readonly memo: unknown[];
}

/** A value that could not be had, with its reason. Never folded into "false". */
export interface Unknown {
  readonly known: false;
  readonly why: string;
}

/** Marks a fact that was found. */
export interface Known {
  readonly known: true;
}

export interface Evidence<T extends Known> {
  /** One line for the docs: what is looked at. */
  readonly title: string;
  /** The fact for this connection, computed at most once. */
  of(subject: Subject): T | Unknown;
}

/** Evidence that may ask for times of some fineness. */
export interface TimedEvidence<T extends Known> extends Evidence<T> {
  /**
   * The same evidence, unknown where times are coarser: a packet list may round them, or have none.
   *
   * @param resolution the coarsest that will do, seconds
   */
  needsTimes(resolution: number): Evidence<T>;
}

/** What `examine` of an evidence file gives for a connection. */
export type FactOf<E> = E extends Evidence<infer T> ? T | Unknown : never;

export function unknown(why: string): Unknown {
  return { known: false, why };
}

/** How fine times must be, seconds: to compare round trips, to order a RST and what it answers, to measure a silence. */
export const ROUND_TRIPS = 0.001;
export const DELAYS = 0.01;
export const SILENCES = 0.1;

const TOO_COARSE = 'the times of the packet list are too coarse for it';

let ordinals = 0;

export function newSubject(connection: Connection, world: World): Subject {
  // Its room taken at once: filled in any order, an array would grow several times.
  return { connection, world, memo: new Array<unknown>(ordinals) };
}

/**
 * Declares one kind of evidence. `draw` is pure: same subject, same fact.
 * Evidence may read other evidence by `other.of(subject)`; cycles are a bug.
 */
export function defineEvidence<T extends Known>(
  title: string,
  draw: (subject: Subject) => T | Unknown,
): TimedEvidence<T> {
  const ordinal = ordinals++;
  return {
    needsTimes(resolution) {
      return defineEvidence(title, (subject) =>
        subject.world.resolution > resolution ? unknown(TOO_COARSE) : draw(subject),
      );
    },
    title,
    of(subject) {
      const drawn = subject.memo[ordinal];
      if (drawn !== undefined) return drawn as T | Unknown;
      const fact = draw(subject);
      subject.memo[ordinal] = fact;
      return fact;
    },
  };
}
