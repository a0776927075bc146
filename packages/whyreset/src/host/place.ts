import { formatIPv6 } from '../wire/address.ts';

/** One end of a connection as the host names it. */
export interface Place {
  /** As the connections have it: dotted quad, or RFC 5952. */
  address: string;
  port: number;
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/**
 * An address in the one spelling that connections have, or null when it is none. An IPv4 connection of a
 * dual-stack socket is told as `::ffff:10.0.0.1` by the kernel and as 10.0.0.1 by its packets.
 */
export function addressOf(text: string): string | null {
  const quad = V4.exec(text);
  if (quad !== null) {
    const bytes = quad.slice(1).map(Number);
    return bytes.every((byte) => byte < 256) ? bytes.join('.') : null;
  }
  const words = wordsOf(text);
  if (words === null) return null;
  return formatIPv6(words).replace(/^::ffff:(?=\d+\.)/, '');
}

/** The four words of an IPv6 address; a zone (`%eth0`) is dropped. */
function wordsOf(text: string): number[] | null {
  let plain = text.split('%', 1)[0]!;
  if (plain.length > 45 || !/^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(plain)) return null;
  const tail = plain.slice(plain.lastIndexOf(':') + 1);
  if (tail.includes('.')) {
    const quad = addressOf(tail)?.split('.').map(Number);
    if (quad === undefined || quad.length !== 4) return null;
    const [a, b, c, d] = quad as [number, number, number, number];
    plain = `${plain.slice(0, -tail.length)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const [head, rest, more] = plain.split('::');
  if (more !== undefined) return null;
  const first = head === '' ? [] : head!.split(':');
  const last = rest === undefined || rest === '' ? [] : rest.split(':');
  const missing = 8 - first.length - last.length;
  if (rest === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...first, ...Array<string>(missing).fill('0'), ...last];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  const numbers = groups.map((group) => Number.parseInt(group, 16));
  return [0, 2, 4, 6].map((i) => ((numbers[i]! << 16) | numbers[i + 1]!) >>> 0);
}

/** `10.0.0.1:80`, `[::1]:80`; null when it is neither. */
export function placeOf(text: string): Place | null {
  const parts = /^(?:\[([^\]]{2,60})\]|([\d.]{7,15})):(\d{1,5})$/.exec(text);
  if (parts === null) return null;
  const address = addressOf(parts[1] ?? parts[2]!);
  const port = Number(parts[3]);
  return address === null || port > 65_535 ? null : { address, port };
}

/** One key for a pair of ends, in this direction. */
export function pairKey(local: Place, remote: Place): string {
  return `${local.address} ${local.port} ${remote.address} ${remote.port}`;
}

export function placeKey({ address, port }: Place): string {
  return `${address} ${port}`;
}
