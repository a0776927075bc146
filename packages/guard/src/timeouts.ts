export { timeouts } from './timeouts.data.ts';

/** What the limit counts down to. */
export type TimeoutKind =
  | 'client-keepalive'
  | 'conntrack'
  | 'db-session'
  | 'drain'
  | 'header'
  | 'lb-idle'
  | 'max-age'
  | 'max-requests'
  | 'nat-idle'
  | 'request'
  | 'server-keepalive'
  | 'tcp-keepalive'
  | 'upstream-keepalive';

/** Where the limit is kept: in the program that connects, in the one that accepts, or in a box between. */
export type TimeoutSide = 'client' | 'server' | 'path';

/**
 * What the other ends see when the limit is reached: an orderly close, a reset at once, a reset in answer to
 * the next packet, nothing at all (packets vanish), or an error of the protocol above TCP (408, 504, GOAWAY).
 */
export type AtExpiry = 'fin' | 'rst' | 'rst-on-next-packet' | 'silent' | 'error';

/** One limit of one product, as its documentation or source states it. */
export interface KnownTimeout {
  /** Stable, unique, kebab-case. */
  id: string;
  /** Product and, where it matters, which of its connections. */
  product: string;
  what: TimeoutKind;
  side: TimeoutSide;
  /** Unit of defaultSeconds, min and max: a max-requests limit counts requests, every other one seconds. */
  unit: 'seconds' | 'requests';
  /** Value out of the box, in `unit`; 0 means switched off, null that there is none or it is not known. */
  defaultSeconds: number | null;
  /** Smallest and largest value that can be set, in `unit`; equal to the default where it is fixed. */
  min: number | null;
  max: number | null;
  /** Name of the setting; null where there is none or it is not known. */
  configurableAs: string | null;
  /** null: not known. */
  atExpiry: AtExpiry | null;
  /** Version, tier or condition for which the row holds; null where it holds in general. */
  appliesTo: string | null;
  /** Documentation page, source file or issue in which the value was read. */
  source: string;
  /** Day on which the source was read, ISO 8601 (yyyy-mm-dd). */
  date: string;
}
