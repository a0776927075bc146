/** First lines by which an application protocol can be told in readable text. */
const BEGINNING =
  /(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE) \S+ HTTP\/\d|HTTP\/1\.[01] \d{3}|PRI \* HTTP\/2|SSH-[\d.]+-|PROXY TCP[46] |PROXY UNKNOWN/;

/** The text begins with a protocol that is read as text. */
export function isReadable(text: string): boolean {
  return text.search(BEGINNING) === 0;
}

const encoder = new TextEncoder();

/**
 * Payload bytes from text that shows them, at most `length`; null when the text does not begin with a protocol that
 * is read as text: in all else a dot may be any byte, and a guess would be read as what was sent.
 */
export function readablePayload(text: string, length: number): Uint8Array | null {
  const at = text.search(BEGINNING);
  if (at < 0) return null;
  // tcpdump and Wireshark drop the carriage return before a line feed.
  const lines = text.slice(at).replace(/\r?\n/g, '\r\n');
  return encoder.encode(lines).subarray(0, Math.max(0, length));
}

/** A line that a protocol of lines begins with, complete with its end. */
export function firstLine(text: string, length: number): Uint8Array | null {
  return readablePayload(`${text.trim()}\n`, length);
}
