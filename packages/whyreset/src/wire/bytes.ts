/*
 * Multi-byte fields read by index and shift: no DataView, no subarray, so that
 * V8 inlines them and the per-packet path allocates nothing. The caller has
 * checked that the bytes are there.
 */

/** Big-endian 16 bits. */
export function be16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** Little-endian 16 bits. */
export function le16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** Big-endian 32 bits as a *signed* integer: stays in a machine word; `>>> 0` where a number is wanted. */
export function beWord(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** Little-endian 32 bits as a *signed* integer. */
export function leWord(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** Big-endian 32 bits, unsigned. */
export function be32(bytes: Uint8Array, at: number): number {
  return beWord(bytes, at) >>> 0;
}

/** Little-endian 32 bits, unsigned. */
export function le32(bytes: Uint8Array, at: number): number {
  return leWord(bytes, at) >>> 0;
}

/** The bytes `[from, to)` as text, one character each; short ones, as all become arguments of one call. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
}
