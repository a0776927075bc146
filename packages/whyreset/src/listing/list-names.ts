import { formatIPv4 } from '../wire/address.ts';
import type { TextInfo } from '../wire/reader.ts';
import { portOfService } from './services.ts';

/** Four big-endian words, as `Segment.source`. */
export interface ListedAddress {
  family: 4 | 6;
  words: readonly [number, number, number, number];
}

/** 240.0.0.0/4 is reserved (RFC 1112 §4): no packet has such an address, so none is taken from a real host. */
const FIRST_STANDIN = 0xf000_0000;
const STANDINS = 0x0fff_fffe;
const MOST_NAMES = 100_000;
const HIGHEST_PORT = 65_535;
/** Ports that no service is registered for (RFC 6335 §6). */
const FIRST_DYNAMIC_PORT = 49_152;

/** The same name has the same stand-in in every text, so that two texts of one connection can be compared. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const LOCALHOST = new Map<string, ListedAddress>([
  ['localhost', { family: 4, words: [0x7f00_0001, 0, 0, 0] }],
  ['localhost.localdomain', { family: 4, words: [0x7f00_0001, 0, 0, 0] }],
  ['localhost4', { family: 4, words: [0x7f00_0001, 0, 0, 0] }],
  ['localhost6', { family: 6, words: [0, 0, 0, 1] }],
  ['ip6-localhost', { family: 6, words: [0, 0, 0, 1] }],
]);

export function readIPv4(text: string): number | null {
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (bytes === undefined || bytes.some((byte) => byte > 255)) return null;
  return ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
}

/** RFC 4291 §2.2, without a zone; null when it is no IPv6 address. */
export function readIPv6(text: string): ListedAddress['words'] | null {
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(':')) return null;
  const dotted = /:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  const mapped = dotted === undefined ? null : readIPv4(dotted);
  if (dotted !== undefined && mapped === null) return null;
  const plain =
    mapped === null
      ? text
      : `${text.slice(0, -dotted!.length)}${(mapped >>> 16).toString(16)}:${(mapped & 0xffff).toString(16)}`;
  const halves = plain.split('::');
  if (halves.length > 2) return null;
  const groupsOf = (half: string) => (half === '' ? [] : half.split(':'));
  const head = groupsOf(halves[0]!);
  const tail = halves.length === 2 ? groupsOf(halves[1]!) : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...new Array<string>(Math.max(0, missing)).fill('0'), ...tail];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  const values = groups.map((group) => Number.parseInt(group, 16));
  const word = (i: number) => ((values[2 * i]! << 16) | values[2 * i + 1]!) >>> 0;
  return [word(0), word(1), word(2), word(3)];
}

/**
 * Addresses and ports of a text that may name them instead. A name gets a number that stands in for it within the
 * diagnosis; `restore` puts the names back into what people read.
 */
export class ListNames {
  /** Stand-in address → name, and stand-in port → name. */
  readonly hosts = new Map<string, string>();
  readonly ports = new Map<number, string>();
  private readonly addressOf = new Map<string, ListedAddress>();
  private readonly portOf = new Map<string, number>();
  private readonly taken: ReadonlySet<number>;

  /** @param taken ports that the text gives as numbers */
  constructor(taken: ReadonlySet<number>) {
    this.taken = taken;
  }

  /** Null when the text is neither an address nor a name, or there are too many names. */
  address(text: string): ListedAddress | null {
    const host = text.replace(/%[\w.-]+$/, '').replace(/^\[(.*)\]$/, '$1');
    const word = readIPv4(host);
    if (word !== null) return { family: 4, words: [word, 0, 0, 0] };
    const words = readIPv6(host);
    if (words !== null) return { family: 6, words };
    if (!/^[\w][\w.-]{0,254}$/.test(host)) return null;
    const name = host.toLowerCase();
    const known = LOCALHOST.get(name) ?? this.addressOf.get(name);
    if (known !== undefined) return known;
    if (this.addressOf.size >= MOST_NAMES) return null;
    let offset = hashOf(name) % STANDINS;
    while (this.hosts.has(formatIPv4(FIRST_STANDIN + 1 + offset))) offset = (offset + 1) % STANDINS;
    const standin = FIRST_STANDIN + 1 + offset;
    const address: ListedAddress = { family: 4, words: [standin, 0, 0, 0] };
    this.addressOf.set(name, address);
    this.hosts.set(formatIPv4(standin), host);
    return address;
  }

  /** Null when the text is no port, or there are more names than free ports. */
  port(text: string): number | null {
    if (/^\d{1,5}$/.test(text)) return Number(text) <= HIGHEST_PORT ? Number(text) : null;
    if (!/^[\w.+-]{1,40}$/.test(text)) return null;
    const known = portOfService(text) ?? this.portOf.get(text);
    if (known !== undefined && known !== null) return known;
    const dynamic = HIGHEST_PORT - FIRST_DYNAMIC_PORT;
    if (this.portOf.size + this.taken.size >= dynamic) return null;
    let port = FIRST_DYNAMIC_PORT + (hashOf(text) % dynamic);
    while (this.taken.has(port) || this.ports.has(port))
      port = port === HIGHEST_PORT ? FIRST_DYNAMIC_PORT : port + 1;
    this.portOf.set(text, port);
    this.ports.set(port, text);
    return port;
  }
}

/** Puts the names back wherever a stand-in is printed, in every string of a result. */
export function restoreNames<T>(value: T, names: TextInfo['names']): T {
  if (names.hosts.size === 0 && names.ports.size === 0) return value;
  return restored(value, names) as T;
}

function restored(value: unknown, names: TextInfo['names']): unknown {
  if (typeof value === 'string') {
    const named = value.replace(/\b\d+\.\d+\.\d+\.\d+\b/g, (address) => names.hosts.get(address) ?? address);
    return named.replace(/(?<=[\w\]]:)\d{4,5}\b/g, (port) => names.ports.get(Number(port)) ?? port);
  }
  if (Array.isArray(value)) return value.map((item) => restored(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, restored(item, names)]));
}
