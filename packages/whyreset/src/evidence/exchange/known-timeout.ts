import { type KnownTimeout, matchTimeouts, type TimeoutKind, timeouts } from '@whyreset/guard/timeouts';
import type { Side } from '../../connection/connection.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import idle, { type IdleFact } from './idle.ts';
import { isAtExpiry } from './timeout-tolerance.ts';

/** Whose timeout it would be. */
export type Owner = Side | 'path';

export interface KnownTimeoutFact extends Known {
  readonly known: true;
  /**
   * Per owner the time that was compared, seconds, -1 where none applies: sentences print this one. A client waits
   * from its request on, the server's idle timer runs from the last payload, a box forgets after silence.
   */
  measured: Readonly<Record<Owner, number>>;
  /** Known timeouts of each owner that this time matches, closest first. */
  matches: Readonly<Record<Owner, readonly KnownTimeout[]>>;
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
function belongsTo({ what, side, atExpiry }: KnownTimeout, owner: Owner): boolean {
  if (owner === 'originator') return side === 'client' && CLIENT.has(what);
  if (owner === 'path') return PATH.has(what) && atExpiry !== 'fin';
  return (side === 'server' && SERVER.has(what)) || (what === 'lb-idle' && atExpiry === 'fin');
}

/** Known timeouts of one owner that its time matches, closest first. */
export function matchesOf(fact: KnownTimeoutFact, owner: Owner): readonly KnownTimeout[] {
  return fact.matches[owner];
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

/** The shortest of all: most silences stay below it, and need not be compared with each. */
const SHORTEST = Math.min(
  ...timeouts.map(({ unit, defaultSeconds: s }) => (unit === 'seconds' && s ? s : Number.POSITIVE_INFINITY)),
);

/** Waits below are an application at work: round trips and thinking, which no one configures, seconds. */
const SHORTEST_WAIT = 1;

const REQUEST = new Set<TimeoutKind>(['request', 'header']);

/** Seconds that the client's last payload went without an answer; -1 when the server spoke last. */
function waitOf({ brokenBy, sinceFrom, wait, timer }: IdleFact): number {
  if (brokenBy === 'originator') return wait;
  return sinceFrom === 'originator' ? timer : -1;
}

function matching(value: number, owner: Owner, fits: (what: TimeoutKind) => boolean): KnownTimeout[] {
  if (value < SHORTEST) return [];
  return matchTimeouts(value)
    .filter((match) => isAtExpiry(match) && belongsTo(match.timeout, owner) && fits(match.timeout.what))
    .map(({ timeout }) => timeout);
}

/** The waits before the end against the table of known timeouts (diagnose.md §6.6). */
export default defineEvidence('Known timeouts that the silence before the end matches', (subject) => {
  const silence = idle.of(subject);
  if (!silence.known) return unknown(silence.why);
  const waited = waitOf(silence);
  const open = waited >= SHORTEST_WAIT;
  if (!silence.idle && !open) return unknown('there was no wait long enough to compare');
  const quiet = silence.idle ? silence.timer : -1;
  // A request that waited long was not met by an idle timer.
  const late = open && silence.brokenBy === 'originator';
  const measured = {
    originator: open ? waited : silence.brokenBy === 'originator' ? -1 : quiet,
    responder: late ? waited : quiet,
    path: silence.idle ? silence.gap : -1,
  };
  return {
    known: true,
    measured,
    matches: {
      originator: matching(measured.originator, 'originator', (what) => open === REQUEST.has(what)),
      responder: matching(measured.responder, 'responder', (what) => (REQUEST.has(what) ? open : !late)),
      path: matching(measured.path, 'path', () => true),
    },
    outlasted: matchTimeouts(measured.path)
      .filter(({ rule, timeout }) => rule === 'after-expiry' && belongsTo(timeout, 'path'))
      .map(({ timeout }) => timeout),
  };
}).needsTimes(SILENCES);
