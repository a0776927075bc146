/** What a head says of the length of its message, where it is no number of bytes. */
export const LENGTH_UNKNOWN = -1;
export const CHUNKED = -2;
/** The end of the connection ends it (RFC 9112 §6.3, rule 8). */
export const UNTIL_CLOSE = -3;

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
/** In lower case; the name and its colon. */
const CONTENT_LENGTH = 'content-length:';
const TRANSFER_ENCODING = 'transfer-encoding:';
/** More digits than that are no length. */
const MOST_DIGITS = 15;

const lower = (byte: number) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

function isNamed(b: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (lower(b[at + i]!) !== name.charCodeAt(i)) return false;
  return true;
}

/** The number at `at`, blanks before it passed over; -1 when there is none. */
function decimal(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && b[i] === SPACE) i++;
  const first = i;
  let value = 0;
  while (i < end && i - first < MOST_DIGITS && b[i]! >= 0x30 && b[i]! <= 0x39)
    value = value * 10 + b[i++]! - 0x30;
  return i === first ? -1 : value;
}

/** `chunked` stands in the value at `at`, before its line ends. */
function isChunked(b: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i + 7 <= end && b[i] !== CR; i++) if (isNamed(b, i, 'chunked')) return true;
  return false;
}

/** Responses of these statuses have no body, whatever they announce (RFC 9112 §6.3). */
function isBodiless(b: Uint8Array, at: number): boolean {
  const [hundreds, tens, ones] = [b[at + 9]!, b[at + 10]!, b[at + 11]!];
  return hundreds === 0x31 || (hundreds === 0x32 && ones === 0x34 && tens === 0x30) || hundreds === 0x33;
}

/** `HTTP/1.` and a minor version of one digit stand at `at`. */
export function isStatusLine(b: Uint8Array, at: number, length: number): boolean {
  return length >= 12 && isNamed(b, at, 'http/1.') && b[at + 8] === SPACE;
}

/** The first line of the head ends with ` HTTP/1.x`. */
function isRequestLine(b: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i + 1 < end; i++)
    if (b[i] === CR) return i - at > 9 && b[i - 9] === SPACE && isNamed(b, i - 8, 'http/1.');
  return false;
}

/**
 * Length of the HTTP/1 message whose head begins at `at`, with its header block, bytes; else one of the constants
 * above. `LENGTH_UNKNOWN` for other protocols and where the header block was not kept to its end.
 *
 * @param length bytes of the head that were kept
 */
export function announcedLength(b: Uint8Array, at: number, length: number): number {
  const response = isStatusLine(b, at, length);
  const end = at + length;
  if (!response && !isRequestLine(b, at, end)) return LENGTH_UNKNOWN;
  let body = -1;
  let chunked = false;
  for (let i = at; i + 3 < end; i++) {
    if (b[i] !== CR || b[i + 1] !== LF) continue;
    if (b[i + 2] === CR && b[i + 3] === LF) {
      const header = i + 4 - at;
      if (response && isBodiless(b, at)) return header;
      if (chunked) return CHUNKED;
      return body >= 0 ? header + body : response ? UNTIL_CLOSE : header;
    }
    const name = i + 2;
    if (body < 0 && name + CONTENT_LENGTH.length < end && isNamed(b, name, CONTENT_LENGTH))
      body = decimal(b, name + CONTENT_LENGTH.length, end);
    else if (!chunked && name + TRANSFER_ENCODING.length < end && isNamed(b, name, TRANSFER_ENCODING))
      chunked = isChunked(b, name + TRANSFER_ENCODING.length, end);
  }
  return LENGTH_UNKNOWN;
}

/**
 * The latest eight bytes, as two big-endian words, can be the end of a chunked body: the last chunk and an empty
 * line (RFC 9112 §7.1), or the empty line behind trailers. Words of zero are bytes that were not seen.
 */
export function mayEndChunks(high: number, low: number): boolean {
  return low === 0x0d0a0d0a || (high === 0 && low === 0);
}

const word = (bytes: Uint8Array, at: number) =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;

/** Whether the latest eight bytes can be the end of a chunked body; null where they were not seen. */
export function chunksEndIn(tail: Uint8Array): boolean | null {
  if (tail.length < 8) return null;
  const high = word(tail, 0);
  const low = word(tail, 4);
  return high === 0 && low === 0 ? null : mayEndChunks(high, low);
}
