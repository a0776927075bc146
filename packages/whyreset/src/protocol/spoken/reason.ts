import { latin1 } from '../../wire/bytes.ts';
import { printable } from '../../wire/printable.ts';

/** What kind of reason the last message of a side gives for the end. */
export type ReasonClass =
  /** A person or a tool ended this connection. */
  | 'administrator'
  /** The program stops, restarts or moves away. */
  | 'shutdown'
  | 'idle-timeout'
  /** The peer did not send its request, or not all of it, in time. */
  | 'request-timeout'
  /** A number of connections, sessions, requests or messages was reached. */
  | 'limit'
  | 'too-large'
  /** This client, user, address or name is not allowed. */
  | 'refused-policy'
  | 'protocol-error'
  /** The program speaks for another one that failed it. */
  | 'upstream'
  | 'internal-error'
  /** The side had nothing more to say: an orderly end. */
  | 'goodbye';

/** The reason that a message gives. */
export interface SpokenReason {
  class: ReasonClass;
  /** The protocol whose words these are. */
  protocol: string;
  /** The words as they stood in the packet, harmless to print. */
  quote: string;
}

/** Longer words are cut in a sentence. */
const LONGEST_QUOTE = 100;

/** The bytes `[from, to)` as harmless text, one character each, without what ends their line. */
export function textOf(b: Uint8Array, from: number, to: number): string {
  return latin1(b, from, Math.min(to, b.length));
}

export function quoteOf(text: string): string {
  const clean = printable(text.trim());
  return clean.length > LONGEST_QUOTE ? `${clean.slice(0, LONGEST_QUOTE - 1)}…` : clean;
}

export const uint16 = (b: Uint8Array, at: number) => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
export const uint32 = (b: Uint8Array, at: number) => ((uint16(b, at) << 16) | uint16(b, at + 2)) >>> 0;
