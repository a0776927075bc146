/*
 * Bytes for tests: packets built from the inside out. Nothing here imports
 * the reader, so that a test compares two independent opinions on a format.
 */

/** `10.0.0.1:80` or `[2001:db8::1]:80`. */
export type EndpointText = string;

export interface TcpFields {
  from: EndpointText;
  to: EndpointText;
  /** tcpdump's letters: `S`, `S.`, `P.`, `F.`, `R`, `R.`, `.`; U, E and W too. Default `.`. */
  flags?: string;
  seq?: number;
  ack?: number;
  window?: number;
  urgent?: number;
  /** Raw option bytes, padded with NOP; see `tcpOption`. */
  options?: readonly number[];
  payload?: Uint8Array | string;
  ttl?: number;
  ipId?: number;
  dontFragment?: boolean;
  trafficClass?: number;
  /** IPv4 options, a multiple of four bytes. */
  ipOptions?: readonly number[];
  /** IPv6 extension headers before TCP: protocol number and whole bytes (byte 0 is overwritten). */
  extensions?: readonly (readonly [number, Uint8Array])[];
  /** `good` (default), `bad`, `partial` as Linux leaves it for the card, or `zero`. */
  checksum?: 'good' | 'bad' | 'partial' | 'zero';
}

const FLAG_BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, '.': 16, U: 32, E: 64, W: 128 };

/** Joins byte strings. */
export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function u16(value: number): number[] {
  return [(value >>> 8) & 0xff, value & 0xff];
}

export function u32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

/** Address text to bytes: 4 or 16 of them. */
export function addressBytes(text: string): Uint8Array {
  if (!text.includes(':')) return Uint8Array.from(text.split('.').map(Number));
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  const before = groups(head);
  const after = groups(tail ?? '');
  const all = [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  return Uint8Array.from(all.flatMap((group) => u16(Number.parseInt(group, 16))));
}

function splitEndpoint(text: EndpointText): { address: Uint8Array; port: number } {
  const colon = text.lastIndexOf(':');
  return {
    address: addressBytes(text.slice(0, colon).replace(/[[\]]/g, '')),
    port: Number(text.slice(colon + 1)),
  };
}

/** Ones' complement sum of 16-bit words, folded, not complemented (RFC 1071). */
export function onesSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += bytes[i]! * 256 + (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = Math.floor(sum / 0x10000) + (sum % 0x10000);
  return sum;
}

/** TCP options by name, ready for `options`. */
export const tcpOption = {
  mss: (value: number) => [2, 4, ...u16(value)],
  windowScale: (shift: number) => [3, 3, shift],
  sackPermitted: () => [4, 2],
  sack: (...blocks: [number, number][]) => [
    5,
    2 + 8 * blocks.length,
    ...blocks.flatMap(([left, right]) => [...u32(left), ...u32(right)]),
  ],
  timestamps: (value: number, echo: number) => [1, 1, 8, 10, ...u32(value), ...u32(echo)],
  mptcpReset: (reason: number, transient = false) => [30, 4, 0x80 | (transient ? 1 : 0), reason],
};

/** A TCP segment without IP; the checksum is over the given addresses. */
export function tcpSegment(fields: TcpFields): Uint8Array {
  const from = splitEndpoint(fields.from);
  const to = splitEndpoint(fields.to);
  const options = [...(fields.options ?? [])];
  while (options.length % 4 !== 0) options.push(1);
  const payload =
    typeof fields.payload === 'string' ? new TextEncoder().encode(fields.payload) : (fields.payload ?? []);
  const flags = [...(fields.flags ?? '.')].reduce((bits, letter) => bits | FLAG_BITS[letter]!, 0);
  const bytes = concat(
    u16(from.port),
    u16(to.port),
    u32(fields.seq ?? 1),
    u32(fields.ack ?? (flags & 16 ? 1 : 0)),
    [((20 + options.length) / 4) << 4, flags],
    u16(fields.window ?? 512),
    [0, 0],
    u16(fields.urgent ?? 0),
    options,
    payload,
  );
  const pseudo = concat(from.address, to.address, u32(bytes.length), [0, 0, 0, 6]);
  const kind = fields.checksum ?? 'good';
  const sum =
    kind === 'zero' ? 0 : kind === 'partial' ? onesSum(pseudo) : 0xffff - onesSum(concat(pseudo, bytes));
  bytes.set(u16(kind === 'bad' ? sum ^ 0x5555 : sum), 16);
  return bytes;
}

export interface IPv4Fields {
  from: string;
  to: string;
  protocol: number;
  ttl?: number;
  id?: number;
  dontFragment?: boolean;
  moreFragments?: boolean;
  /** Fragment offset in bytes, a multiple of eight. */
  offset?: number;
  trafficClass?: number;
  options?: readonly number[];
  /** Instead of the true total length: 0 is what segmentation offload leaves. */
  totalLength?: number;
}

export function ipv4Packet(fields: IPv4Fields, payload: Uint8Array): Uint8Array {
  const options = fields.options ?? [];
  const header = concat(
    [0x45 + options.length / 4, fields.trafficClass ?? 0],
    u16(fields.totalLength ?? 20 + options.length + payload.length),
    u16(fields.id ?? 0),
    u16(
      (fields.dontFragment ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0) | ((fields.offset ?? 0) >> 3),
    ),
    [fields.ttl ?? 64, fields.protocol, 0, 0],
    addressBytes(fields.from),
    addressBytes(fields.to),
    options,
  );
  header.set(u16(0xffff - onesSum(header)), 10);
  return concat(header, payload);
}

export interface IPv6Fields {
  from: string;
  to: string;
  next: number;
  hopLimit?: number;
  trafficClass?: number;
  /** Instead of the true payload length. */
  payloadLength?: number;
}

export function ipv6Packet(fields: IPv6Fields, payload: Uint8Array): Uint8Array {
  return concat(
    u32(0x60000000 + (fields.trafficClass ?? 0) * 0x100000),
    u16(fields.payloadLength ?? payload.length),
    [fields.next, fields.hopLimit ?? 64],
    addressBytes(fields.from),
    addressBytes(fields.to),
    payload,
  );
}

export interface IcmpErrorFields {
  /** The box that complains, and the sender of the packet it complains about. */
  from: string;
  to: string;
  type: number;
  code: number;
  /** Next-hop MTU, for the types that carry one. */
  mtu?: number;
  /** The packet it complains about: of IPv4 the header and eight bytes are quoted, of IPv6 all (RFC 792, RFC 4443 §2.4). */
  about: Uint8Array;
}

/** An ICMP error (version by the addresses) as a whole IP packet. */
export function icmpErrorPacket({ from, to, type, code, mtu = 0, about }: IcmpErrorFields): Uint8Array {
  const six = from.includes(':');
  const quoted = six ? about : about.slice(0, ((about[0]! & 15) << 2) + 8);
  const message = concat([type, code, 0, 0], u32(mtu), quoted);
  const pseudo = concat(addressBytes(from), addressBytes(to), u32(message.length), [0, 0, 0, 58]);
  const sum = onesSum(six ? concat(pseudo, message) : message);
  message.set(u16(0xffff - sum), 2);
  return six ? ipv6Packet({ from, to, next: 58 }, message) : ipv4Packet({ from, to, protocol: 1 }, message);
}

/** A whole IP packet (version by the addresses) with one TCP segment. */
export function tcpIpPacket(fields: TcpFields): Uint8Array {
  const segment = tcpSegment(fields);
  const from = hostOf(fields.from);
  const to = hostOf(fields.to);
  if (!from.includes(':')) {
    return ipv4Packet(
      {
        from,
        to,
        protocol: 6,
        ttl: fields.ttl ?? 64,
        id: fields.ipId ?? 0,
        dontFragment: fields.dontFragment ?? true,
        trafficClass: fields.trafficClass ?? 0,
        options: fields.ipOptions ?? [],
      },
      segment,
    );
  }
  let next = 6;
  let payload = segment;
  for (const [protocol, bytes] of [...(fields.extensions ?? [])].reverse()) {
    const header = bytes.slice();
    header[0] = next;
    payload = concat(header, payload);
    next = protocol;
  }
  const { ttl = 64, trafficClass = 0 } = fields;
  return ipv6Packet({ from, to, next, hopLimit: ttl, trafficClass }, payload);
}

function hostOf(endpoint: EndpointText): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/[[\]]/g, '');
}

/** An Ethernet II frame; a payload of less than 46 bytes is padded as on the wire when `pad` is set. */
export function ethernetFrame(
  payload: Uint8Array,
  options: { type?: number; from?: string; to?: string; pad?: boolean } = {},
): Uint8Array {
  const mac = (text: string) => text.split(':').map((part) => Number.parseInt(part, 16));
  const type = options.type ?? (payload[0]! >> 4 === 6 ? 0x86dd : 0x0800);
  const frame = concat(
    mac(options.to ?? '02:00:00:00:00:02'),
    mac(options.from ?? '02:00:00:00:00:01'),
    u16(type),
    payload,
  );
  return options.pad && frame.length < 60 ? concat(frame, new Uint8Array(60 - frame.length)) : frame;
}

/** An Ethernet frame with one TCP segment: what most tests want. */
export function tcpPacket(fields: TcpFields): Uint8Array {
  return ethernetFrame(tcpIpPacket(fields));
}
