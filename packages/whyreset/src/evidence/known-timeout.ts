import { type KnownTimeout, matchTimeouts } from '@whyreset/guard';
import type { Side } from '../connection/connection.ts';
import { defineEvidence, type Known, unknown } from './define.ts';
import idle from './idle.ts';

export interface KnownTimeoutFact extends Known {
  readonly known: true;
  /** The measured time that was compared, seconds. */
  seconds: number;
  /** Known timeouts near it, closest first. */
  matches: readonly KnownTimeout[];
}

/** Timeouts by who owns them: the server that closes idle clients, the client's pool, a box on the path. */
const KINDS: Record<Side | 'path', ReadonlySet<string>> = {
  responder: new Set(['server-keepalive', 'db-session', 'request', 'header']),
  originator: new Set(['client-keepalive', 'upstream-keepalive', 'request']),
  path: new Set(['lb-idle', 'nat-idle', 'conntrack']),
};

/** Known timeouts of one owner that a time matches. */
export function matchesOf(fact: KnownTimeoutFact, owner: Side | 'path'): KnownTimeout[] {
  return fact.matches.filter((timeout) => KINDS[owner].has(timeout.what));
}

/** The silence before the end against the table of known timeouts (diagnose.md §6.6). */
export default defineEvidence('Known timeouts that the silence before the end matches', (subject) => {
  const silence = idle.of(subject);
  if (!silence.known) return unknown(silence.why);
  if (!silence.idle) return unknown('there was no silence long enough to compare');
  const { timer } = silence;
  // A quarter off is another timeout, however small the absolute difference.
  const matches = matchTimeouts(timer)
    .filter(({ rule, offBy }) => rule === 'at-expiry' && Math.abs(offBy) <= 0.25 * timer)
    .map(({ timeout }) => timeout);
  return { known: true, seconds: timer, matches };
});
