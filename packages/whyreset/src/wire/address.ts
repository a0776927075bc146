/** Dotted quad of a big-endian 32-bit word. */
export function formatIPv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`;
}

/** RFC 5952: lower case, no leading zeros, the longest run of zero groups (the first of equals, of two or more) as `::`. */
export function formatIPv6(words: ArrayLike<number>): string {
  // RFC 5952 §5: IPv4-mapped addresses keep the dotted quad.
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) return `::ffff:${formatIPv4(words[3]!)}`;
  const groups: number[] = [];
  for (let i = 0; i < 4; i++) groups.push(words[i]! >>> 16, words[i]! & 0xffff);
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) {
      best = i;
      bestLength = length;
    }
    if (length > 0) i += length - 1;
  }
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return best < 0 ? hex(0, 8) : `${hex(0, best)}::${hex(best + bestLength, 8)}`;
}

/** An address as the wire room keeps it (`Segment.source`): IPv4 in word 0, IPv6 in all four. */
export function formatAddress(words: ArrayLike<number>, family: 4 | 6): string {
  return family === 4 ? formatIPv4(words[0]!) : formatIPv6(words);
}

/** `ip:port`, or `[ip]:port` for IPv6. */
export function endpointName(words: ArrayLike<number>, family: 4 | 6, port: number): string {
  return family === 4 ? `${formatIPv4(words[0]!)}:${port}` : `[${formatIPv6(words)}]:${port}`;
}

/** `aa:bb:cc:dd:ee:ff` from `Segment.macHigh` and `macLow`; null where the link has no address. */
export function formatMac(high: number, low: number): string | null {
  if (high < 0) return null;
  const hex = high.toString(16).padStart(4, '0') + low.toString(16).padStart(8, '0');
  return hex.replace(/(..)(?!$)/g, '$1:');
}
