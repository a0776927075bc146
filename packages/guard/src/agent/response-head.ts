/** The head of a response as far as a retry depends on it. */
export interface ResponseHead {
  status: number;
  /** `Connection: close`. */
  closes: boolean;
  retryAfter: string | null;
}

/** A head longer than this is passed on unread. Node's own limit (http.maxHeaderSize). */
export const MAX_HEAD_BYTES = 16_384;

/** Status in the first bytes of an HTTP/1 response (`HTTP/1.1 503`), or null when these are not one. */
export function statusOf(bytes: Uint8Array): number | null {
  // "HTTP/1." and a digit, a space, three digits.
  const start = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e];
  if (bytes.length < 12 || start.some((byte, at) => bytes[at] !== byte) || bytes[8] !== 0x20) return null;
  let status = 0;
  for (let at = 9; at < 12; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return null;
    status = status * 10 + digit;
  }
  return status;
}

/** The whole head, or null while its blank line is missing. */
export function responseHead(bytes: Buffer): ResponseHead | null {
  const end = bytes.indexOf('\r\n\r\n');
  const status = statusOf(bytes);
  if (end < 0 || status === null) return null;
  const fields = bytes.toString('latin1', 0, end).split('\r\n').slice(1);
  const value = (name: string) => {
    const found = fields.find((field) => field.toLowerCase().startsWith(`${name}:`));
    return found === undefined ? null : found.slice(name.length + 1).trim();
  };
  const closes = /(?:^|,)\s*close\s*(?:,|$)/i.test(value('connection') ?? '');
  return { status, closes, retryAfter: value('retry-after') };
}
