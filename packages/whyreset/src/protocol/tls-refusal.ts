const ALERT_LEAST = 24;
/** With padding; a Finished is 58 bytes with SHA-256 and 74 with SHA-384. */
const ALERT_MOST = 40;
/** The whole record, bytes. */
export const CHANGE_CIPHER_SPEC = 6;

/** A handshake record with a ServerHello (RFC 8446 §4.1.3). */
export function isServerHello(b: Uint8Array, at: number): boolean {
  return b[at] === 0x16 && b[at + 1] === 3 && b[at + 5] === 2;
}

/**
 * A client's turn after the ServerHello is nothing but one encrypted record of the size of an alert. In TLS 1.3 its
 * first encrypted record is either that (RFC 8446 §6: 5 of header, 2, 1 of type, 16 of tag) or a Finished (§4.4.4);
 * before TLS 1.3 no such record comes first. A change_cipher_spec for middleboxes may go before (appendix D.4).
 *
 * @param length bytes of the turn, all of them in view
 */
export function isRefusalOfHandshake(b: Uint8Array, at: number, length: number): boolean {
  const skip = b[at] === 20 && length > CHANGE_CIPHER_SPEC ? CHANGE_CIPHER_SPEC : 0;
  const record = at + skip;
  const size = length - skip;
  if (b[record] !== 23 || b[record + 1] !== 3 || size < ALERT_LEAST || size > ALERT_MOST) return false;
  return 5 + ((b[record + 3]! << 8) | b[record + 4]!) === size;
}
