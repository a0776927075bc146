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

/** What `examine` of an evidence file gives for a connection. */
export type FactOf<E> = E extends Evidence<infer T> ? T | Unknown : never;

export function unknown(why: string): Unknown {
  return { known: false, why };
}

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
): Evidence<T> {
  const ordinal = ordinals++;
  return {
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
