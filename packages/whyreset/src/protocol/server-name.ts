/** A name as the first request gives it. */
export interface NameInHead {
  name: string;
  by: 'SNI' | 'Host';
}

const isNameByte = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2d || byte === 0x2e;

/** The bytes as a host name in lower case; null when they are none, so that nothing odd is ever shown. */
function hostName(b: Uint8Array, from: number, to: number): string | null {
  if (to <= from || to - from > 253) return null;
  let name = '';
  for (let i = from; i < to; i++) {
    const byte = b[i]! >= 0x41 && b[i]! <= 0x5a ? b[i]! | 0x20 : b[i]!;
    if (!isNameByte(byte)) return null;
    name += String.fromCharCode(byte);
  }
  return name;
}

const uint16 = (b: Uint8Array, at: number) => (b[at]! << 8) | b[at + 1]!;

/** Server name of a ClientHello (RFC 8446 §4.1.2, RFC 6066 §3), when it stands in what was kept. */
function sni(b: Uint8Array): string | null {
  if (b.length < 44 || b[0] !== 0x16 || b[5] !== 1) return null;
  // Record 5, handshake 4, version 2, random 32, then three lists with their lengths.
  let at = 43;
  at += 1 + b[at]!;
  if (at + 2 > b.length) return null;
  at += 2 + uint16(b, at);
  if (at >= b.length) return null;
  at += 1 + b[at]!;
  at += 2;
  while (at + 4 <= b.length) {
    const length = uint16(b, at + 2);
    if (uint16(b, at) === 0) {
      const end = at + 4 + length;
      return end <= b.length && b[at + 6] === 0 ? hostName(b, at + 9, end) : null;
    }
    at += 4 + length;
  }
  return null;
}

const LF = 10;

/** Value of the Host header of an HTTP/1 request, without its port. */
function host(b: Uint8Array): string | null {
  for (let at = b.indexOf(LF); at >= 0 && at + 6 < b.length; at = b.indexOf(LF, at + 1)) {
    const isHost =
      (b[at + 1]! | 0x20) === 0x68 &&
      (b[at + 2]! | 0x20) === 0x6f &&
      (b[at + 3]! | 0x20) === 0x73 &&
      (b[at + 4]! | 0x20) === 0x74 &&
      b[at + 5] === 0x3a;
    if (!isHost) continue;
    let from = at + 6;
    while (b[from] === 0x20 || b[from] === 0x09) from++;
    let to = from;
    while (to < b.length && b[to] !== 0x0d && b[to] !== LF && b[to] !== 0x3a && b[to] !== 0x20) to++;
    return to < b.length ? hostName(b, from, to) : null;
  }
  return null;
}

/** The name that the head of a client's first turn asks for; null when it shows none. Never throws. */
export function nameIn(head: Uint8Array): NameInHead | null {
  const isTls = head[0] === 0x16;
  const name = isTls ? sni(head) : host(head);
  return name === null ? null : { name, by: isTls ? 'SNI' : 'Host' };
}
