import { be16, be32 } from './bytes.ts';
import { printable } from './printable.ts';

/** What the payload of a RST says about its reason. */
export type ResetPayload =
  /** draft-ietf-tcpm-rst-diagnostic-payload, compact form; `enterprise` 0 means that IANA assigned the code. */
  | { kind: 'diagnostic'; code: number; meaning: string | null; enterprise: number }
  /** The same draft's text form. */
  | { kind: 'diagnostic-text'; text: string }
  /** Plain text as RFC 9293 §3.5.2 allows. */
  | { kind: 'text'; text: string }
  /** Bytes that are no text: nothing is concluded from them. */
  | { kind: 'opaque'; length: number };

const COMPACT = 0x33aa;
const TEXT = 0xf317;
const MAX_TEXT = 255;

/** Reason codes of draft-ietf-tcpm-rst-diagnostic-payload-02 under enterprise number 0. */
export const RESET_REASONS: readonly (string | null)[] = [
  null,
  'an illegal option was received',
  'the connection is desynchronised',
  'new data was received after CLOSE',
  'the application called ABORT',
  'an unexpected ACK was received',
  'an unexpected SYN was received',
  'the security compartment does not match',
  'a malformed message was received',
  'not authorised',
  'a resource limit was exceeded',
  'network failure',
  'a reset was received from the peer',
  'the destination is unreachable',
  'the connection timed out',
  'too much outstanding data',
  'unacceptable performance',
  'middlebox interference',
];

/** Codes that a box on the path (NAT, firewall, proxy) may send for an endpoint, by the same draft. */
export function mayComeFromPath(code: number): boolean {
  return code >= 8 && code <= 14;
}

/** Decodes the captured payload of a RST, `bytes[at..end)`; null when there is none. Texts come out printable. */
export function resetPayload(bytes: Uint8Array, at: number, end: number): ResetPayload | null {
  const length = end - at;
  if (length <= 0) return null;
  const magic = length >= 2 ? be16(bytes, at) : 0;
  if (magic === COMPACT && length === 8) {
    const code = be16(bytes, at + 2);
    const enterprise = be32(bytes, at + 4);
    const meaning = enterprise === 0 ? (RESET_REASONS[code] ?? null) : null;
    return { kind: 'diagnostic', code, meaning, enterprise };
  }
  const tagged = magic === TEXT && length > 2;
  const from = tagged ? at + 2 : at;
  const text = decodeText(bytes.subarray(from, Math.min(end, from + MAX_TEXT)));
  if (text === null) return { kind: 'opaque', length };
  return { kind: tagged ? 'diagnostic-text' : 'text', text };
}

/** The bytes as harmless text, or null when they are not text: invalid UTF-8, or binary controls in it. */
function decodeText(bytes: Uint8Array): string | null {
  // A trailing NUL is how C programs end a string.
  const end = bytes.indexOf(0) < 0 ? bytes.length : bytes.indexOf(0);
  if (end === 0 || bytes.subarray(end).some((byte) => byte !== 0)) return null;
  let text: string;
  try {
    // Cut at 255 bytes, a character may lose its tail: `stream` leaves the rest out instead of failing.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream: true });
  } catch {
    return null;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell binary data from text
  if (/[\x01-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) return null;
  return printable(text.trim());
}
