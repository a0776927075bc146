import { type KnownTimeout, matchTimeouts, type TimeoutKind, timeouts } from '@whyreset/guard/timeouts';
import type { Mark, Observation } from '../../logs/observation.ts';
import type { Duration } from './durations.ts';
import type { Finding } from './kernel.ts';
import { thousands } from './words.ts';

const MARK: Partial<Record<TimeoutKind, Mark>> = {
  'lb-idle': 'number-path-idle',
  conntrack: 'number-path-idle',
  'server-keepalive': 'number-server-idle',
  'db-session': 'number-session',
  request: 'number-request',
  header: 'number-request',
};

/** Kinds of limits that fit a stage: an idle timeout does not end a request that is being worked on. */
const QUIET: readonly TimeoutKind[] = ['lb-idle', 'conntrack', 'server-keepalive', 'db-session'];
const BUSY: readonly TimeoutKind[] = ['request', 'header'];

/** Below this, too many products share a number for it to mean anything without a name. */
const LEAST_UNNAMED = 55;

/** The words of a product that a text about it has. */
const isNamed = ({ product }: KnownTimeout, text: string): boolean => {
  const first = product.replace(/^(?:AWS|Linux|Google Cloud|GCP|Azure) /, '').split(/[ ,(/]/)[0]!;
  return first.length > 2 && text.toLowerCase().includes(first.toLowerCase());
};

/** Platforms that make a timeout plausible without its name. */
const isNear = ({ id }: KnownTimeout, { shown, mentioned }: Observation): boolean =>
  (['aws', 'azure', 'gcp', 'cloudflare'] as const).some(
    (place) => id.startsWith(place) && (shown.has(place) || mentioned.has(place)),
  ) ||
  (id.startsWith('ipvs') && (mentioned.has('docker-swarm') || mentioned.has('kubernetes')));

/** A timer fires late by little and never early; what is written without a fraction is rounded. */
const isOnTime = (seconds: number, { defaultSeconds: limit }: KnownTimeout): boolean =>
  limit !== null &&
  (Number.isInteger(seconds) ||
    (seconds >= limit * 0.998 && seconds <= limit + Math.max(0.5, limit * 0.005)));

const mayFit = ({ id }: KnownTimeout, { service }: Observation): boolean =>
  service === 'grpc' || !id.startsWith('grpc');

/** What no timer of a connection ended. */
const NO_TIMER: ReadonlySet<Observation['end']> = new Set([
  'process',
  'limit',
  'refused',
  'lookup',
  'message',
]);

/** The known timeouts that a duration comes to; those of products that the text names come first. */
export function knownTimeout(
  { seconds, role, text: written }: Duration,
  seen: Observation,
  text: string,
): Finding | null {
  if (role === 'limit' || seconds < 2) return null;
  const asTimer = role === 'idle' || role === 'interval';
  const quiet = asTimer || seen.stage === 'idle' || seen.stage === 'tunnel';
  const what = quiet ? QUIET : [...BUSY, ...QUIET];
  const matches = matchTimeouts(seconds, { what }).filter(
    ({ rule, timeout }) => rule === 'at-expiry' && isOnTime(seconds, timeout) && mayFit(timeout, seen),
  );
  const weighed = matches
    .map(({ timeout, offBy }) => ({
      timeout,
      worth:
        (isNamed(timeout, text) ? 4 : 0) +
        (isNear(timeout, seen) ? 3 : 0) -
        Math.abs(offBy) / Math.max(1, seconds / 50),
    }))
    .sort((a, b) => b.worth - a.worth);
  const best = weighed[0];
  if (best === undefined) return null;
  const certain = best.worth >= 2;
  if (!certain && (NO_TIMER.has(seen.end) || (seconds < LEAST_UNNAMED && !asTimer))) return null;
  const named = weighed.filter(({ worth }) => !certain || worth >= 2).slice(0, certain ? 1 : 3);
  const list = named.map(
    ({ timeout }) => `${timeout.product}${timeout.configurableAs ? ` (${timeout.configurableAs})` : ''}`,
  );
  return {
    says: `${written}: ${thousands(seconds)} s is the default ${certain ? 'of' : 'of, among others,'} ${list.join('; ')}`,
    source: best.timeout.source,
    mark: certain || (asTimer && seconds >= LEAST_UNNAMED) ? (MARK[best.timeout.what] ?? null) : null,
    certain,
  };
}

const COUNT =
  /\bafter (?:exactly |about )?(\d{1,3}(?:,\d{3})|\d{1,6}) requests\b|\bevery (\d{2,6})(?:th|st|nd|rd)? requests?\b/i;

const LAST_STREAM = /\bLast[-_ ]?Stream[-_ ]?ID["']?\s?[:=]\s?(\d{1,9})\b/i;

/** A count of requests that is some product's limit. */
export function knownCount(text: string): Finding | null {
  const count = requestsIn(text);
  if (count === null) return null;
  const limits = timeouts.filter(
    ({ unit, defaultSeconds }) => unit !== 'seconds' && defaultSeconds === count,
  );
  if (limits.length === 0) return null;
  return {
    says: `${thousands(count)} requests is the default limit of ${limits
      .slice(0, 3)
      .map(({ product, configurableAs }) => `${product} (${configurableAs})`)
      .join('; ')}`,
    source: limits[0]!.source,
    mark: 'number-count',
    certain: true,
  };
}

function requestsIn(text: string): number | null {
  const match = COUNT.exec(text);
  if (match !== null) return Number((match[1] ?? match[2]!).replaceAll(',', ''));
  // A client numbers its streams 1, 3, 5 … (RFC 9113 §5.1.1).
  const stream = LAST_STREAM.exec(text);
  return stream === null ? null : (Number(stream[1]) + 1) / 2;
}
