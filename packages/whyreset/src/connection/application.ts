/** A TLS handshake record that holds a ClientHello (RFC 8446 §5.1, §4). */
function isClientHello(b: Uint8Array, at: number, length: number): boolean {
  return length >= 6 && b[at] === 0x16 && b[at + 1] === 0x03 && b[at + 5] === 0x01;
}

const isUpper = (byte: number) => byte >= 0x41 && byte <= 0x5a;

/** Three to nine capitals, a space, then a target: `GET /`, `OPTIONS *`, `PRI * HTTP/2.0` (RFC 9112 §3). */
function isRequestLine(b: Uint8Array, at: number, length: number): boolean {
  let i = 0;
  while (i < length && i < 10 && isUpper(b[at + i]!)) i++;
  if (i < 3 || i > 9 || i + 1 >= length || b[at + i] !== 0x20) return false;
  const target = b[at + i + 1]!;
  return target > 0x20 && target < 0x7f;
}

/** The head of a turn is a question to which an answer is due. */
export function asksForAnswer(bytes: Uint8Array, at: number, length: number): boolean {
  return isRequestLine(bytes, at, length) || isClientHello(bytes, at, length);
}
