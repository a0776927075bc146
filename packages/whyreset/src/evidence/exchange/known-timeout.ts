import { type KnownTimeout, matchTimeouts, type TimeoutKind, timeouts } from '@whyreset/guard/timeouts';
import type { Side } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import idle from './idle.ts';

export interface KnownTimeoutFact extends Known {
  readonly known: true;
  /** The measured time that was compared, seconds. */
  seconds: number;
  /** Known timeouts near it, closest first. */
  matches: readonly KnownTimeout[];
  /** Boxes on a path that forget a connection after less than this silence and show it only to the next packet. */
  outlasted: readonly KnownTimeout[];
}

const SERVER = new Set<TimeoutKind>(['server-keepalive', 'db-session', 'request', 'header']);
const CLIENT = new Set<TimeoutKind>(['client-keepalive', 'upstream-keepalive', 'request', 'header']);
const PATH = new Set<TimeoutKind>(['lb-idle', 'nat-idle', 'conntrack']);

/**
 * Whose timeout a row is. A balancer that ends idle connections with a FIN
 * terminates TCP: to its client it is the server, not a box on the path.
 */
function belongsTo({ what, side, atExpiry }: KnownTimeout, owner: Side | 'path'): boolean {
  if (owner === 'originator') return side === 'client' && CLIENT.has(what);
  if (owner === 'path') return PATH.has(what) && atExpiry !== 'fin';
  return (side === 'server' && SERVER.has(what)) || (what === 'lb-idle' && atExpiry === 'fin');
}

/** Known timeouts of one owner that a time matches, closest first. */
export function matchesOf(fact: KnownTimeoutFact, owner: Side | 'path'): KnownTimeout[] {
  return fact.matches.filter((timeout) => belongsTo(timeout, owner));
}

/** The first few by name and value, for a sentence: `nginx (keepalive_timeout, 75 s)`. */
export function named(timeouts: readonly KnownTimeout[]): string {
  return timeouts
    .slice(0, 3)
    .map(({ product, configurableAs, defaultSeconds, unit }) => {
      const value = unit === 'requests' ? `${defaultSeconds} requests` : `${defaultSeconds} s`;
      return configurableAs === null ? `${product} (${value})` : `${product} (${configurableAs}, ${value})`;
    })
    .join(', ');
}

/** A quarter off is another timeout, however small the absolute difference. */
const FURTHEST = 0.25;

/** The shortest of all: most silences stay below it, and need not be compared with each. */
const SHORTEST = Math.min(
  ...timeouts.map(({ unit, defaultSeconds: s }) => (unit === 'seconds' && s ? s : Number.POSITIVE_INFINITY)),
);

/** The silence before the end against the table of known timeouts (diagnose.md §6.6). */
export default defineEvidence('Known timeouts that the silence before the end matches', (subject) => {
  const silence = idle.of(subject);
  if (!silence.known) return unknown(silence.why);
  if (!silence.idle) return unknown('there was no silence long enough to compare');
  const { timer } = silence;
  if (timer * (1 + FURTHEST) < SHORTEST) return { known: true, seconds: timer, matches: [], outlasted: [] };
  const near = matchTimeouts(timer);
  const matches = near
    .filter(({ rule, offBy }) => rule === 'at-expiry' && Math.abs(offBy) <= FURTHEST * timer)
    .map(({ timeout }) => timeout);
  const outlasted = near
    .filter(({ rule, timeout }) => rule === 'after-expiry' && belongsTo(timeout, 'path'))
    .map(({ timeout }) => timeout);
  return { known: true, seconds: timer, matches, outlasted };
});
