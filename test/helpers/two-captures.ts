import { pcap } from '../../packages/whyreset/src/wire/testing/captures.ts';
import { tcpOption, tcpPacket } from '../../packages/whyreset/src/wire/testing/packets.ts';

/**
 * One connection as two captures see it: taken at the client's host and at the
 * server's, with a path between on which things happen.
 */

type End = 'client' | 'server';

/** What one end sends, or a box in its name; numbers relative to the initial ones. */
export interface Sent {
  /** Seconds at the sender. */
  at: number;
  from: End;
  flags: string;
  /** Negative in a RST that answers a SYN: an absolute 0 (RFC 9293 §3.10.7.1). */
  seq: number;
  ack?: number;
  length?: number;
  /** Never comes to the other end. */
  lost?: boolean;
  /** Made in the middle of the path, in the name of `from`. */
  made?: boolean;
  /** TTL as it leaves; 64. */
  ttl?: number;
  /** Routers it crosses beyond those of the others. */
  detour?: number;
  window?: number;
  /** First bytes of the payload. */
  text?: string;
}

export interface Path {
  /** Seconds one way. */
  delay?: number;
  /** Routers between. */
  hops?: number;
  /** How far the server's clock is ahead, seconds. */
  clock?: number;
  /** Who talks, as the client's capture calls them. */
  client?: string;
  server?: string;
  /** Added to the initial sequence numbers of both: another connection. */
  numbers?: number;
  /** How the server's capture calls the client and itself. */
  nat?: { client: string; server: string };
  /** Added to each end's sequence numbers on the way to the server. */
  shift?: { client: number; server: number };
  /** Payload bytes of a segment behind the sender's network card; its own capture shows what the kernel built. */
  mss?: number;
  /** Extra delay by packet, in turn, seconds. */
  jitter?: readonly number[];
  timestamps?: boolean;
  snapLength?: number;
  /** Announced on the server's side of a box that clamps. */
  clamped?: number;
}

interface Shown {
  time: number;
  bytes: Uint8Array;
}

const CLIENT = '10.0.0.1:40000';
const SERVER = '10.0.0.2:80';
const ISN = { client: 1_000_000, server: 4_294_960_000 };
const EPOCH = 1_700_000_000;

const u32 = (value: number) => value >>> 0;

export interface TwoCaptures {
  client: Shown[];
  server: Shown[];
}

/** Lets the packets travel; each capture in its own order and on its own clock. */
export function travel(sent: readonly Sent[], path: Path = {}): TwoCaptures {
  const {
    delay = 0.02,
    hops = 1,
    clock = 0,
    jitter = [0],
    mss = 1448,
    timestamps = true,
    numbers = 0,
  } = path;
  const shown: TwoCaptures = { client: [], server: [] };
  const arrival = { client: 0, server: 0 };
  const show = (where: End, p: Sent, at: number, ttl: number, id: number): void => {
    const names = where === 'server' ? path.nat : undefined;
    const ends = {
      client: names?.client ?? path.client ?? CLIENT,
      server: names?.server ?? path.server ?? SERVER,
    };
    const shift = where === 'server' ? (path.shift ?? { client: 0, server: 0 }) : { client: 0, server: 0 };
    const peer: End = p.from === 'client' ? 'server' : 'client';
    const acks = p.flags.includes('.');
    const clamp = where !== p.from ? path.clamped : undefined;
    const stamp = timestamps && p.made !== true && !p.flags.startsWith('R');
    const options = [
      ...(p.flags.includes('S') ? [...tcpOption.mss(clamp ?? 1460), ...tcpOption.windowScale(7)] : []),
      ...(stamp ? tcpOption.timestamps(u32(5000 + Math.round(p.at * 1000)), 1) : []),
    ];
    const filler = 'x'.repeat(Math.max(0, (p.length ?? 0) - (p.text ?? '').length));
    const bytes = tcpPacket({
      from: ends[p.from],
      to: ends[peer],
      flags: p.flags,
      seq: p.flags === 'R.' && p.seq < 0 ? 0 : u32(ISN[p.from] + numbers + p.seq + shift[p.from]),
      ack: acks ? u32(ISN[peer] + numbers + (p.ack ?? 0) + shift[peer]) : 0,
      window: p.window ?? (p.flags.startsWith('R') ? 0 : 501),
      options,
      payload: ((p.text ?? '') + filler).slice(0, p.length ?? 0),
      ttl,
      ipId: p.flags === 'R' ? 0 : id,
    });
    shown[where].push({ time: at + (where === 'server' ? clock : 0), bytes });
  };
  sent.forEach((p, i) => {
    const to: End = p.from === 'client' ? 'server' : 'client';
    const ttl = p.ttl ?? 64;
    if (p.made !== true) show(p.from, p, p.at, ttl, i + 1);
    if (p.lost === true) return;
    const way = p.made === true ? delay / 2 : delay;
    // First in, first out.
    arrival[to] = Math.max(arrival[to] + 1e-6, p.at + way + jitter[i % jitter.length]!);
    for (const piece of cut(p, mss)) {
      arrival[to] += 1e-6;
      show(to, piece, arrival[to], p.made === true ? ttl : ttl - hops - (p.detour ?? 0), i + 1);
    }
  });
  for (const where of ['client', 'server'] as const) shown[where].sort((a, b) => a.time - b.time);
  return shown;
}

/** What a network card makes of a packet that is too large. */
function cut(p: Sent, mss: number): Sent[] {
  const length = p.length ?? 0;
  if (length <= mss) return [p];
  const pieces: Sent[] = [];
  for (let at = 0; at < length; at += mss) {
    const last = at + mss >= length;
    const text = p.text?.slice(at, at + mss);
    pieces.push({
      ...p,
      seq: p.seq + at,
      length: Math.min(mss, length - at),
      flags: last ? p.flags : p.flags.replace('F', ''),
      ...(text !== undefined && { text }),
    });
  }
  return pieces;
}

/** Several connections in one pair of captures. */
export function mixed(...parts: readonly TwoCaptures[]): TwoCaptures {
  const all = (where: End) => parts.flatMap((part) => part[where]).sort((a, b) => a.time - b.time);
  return { client: all('client'), server: all('server') };
}

/** A capture file. */
export function written(shown: readonly Shown[], snapLength = 262_144): Uint8Array {
  return pcap(
    shown.map(({ time, bytes }) => {
      const micros = Math.round((time % 1) * 1e6);
      return {
        bytes: bytes.subarray(0, snapLength),
        originalLength: bytes.length,
        seconds: EPOCH + Math.floor(time) + (micros === 1_000_000 ? 1 : 0),
        nanoseconds: (((micros % 1_000_000) + 1_000_000) % 1_000_000) * 1000,
      };
    }),
    { snapLength },
  );
}

/** Both captures with their names, ready for `diagnose`. */
export function files({ client, server }: TwoCaptures, snapLength?: number) {
  return [
    { name: 'client.pcap', bytes: written(client, snapLength) },
    { name: 'server.pcap', bytes: written(server, snapLength) },
  ];
}

/** SYN, SYN-ACK, ACK, a request of 100 bytes, its acknowledgement. */
export function opening(delay = 0.02): Sent[] {
  return [
    { at: 0, from: 'client', flags: 'S', seq: 0 },
    { at: delay + 0.0001, from: 'server', flags: 'S.', seq: 0, ack: 1 },
    { at: 2 * delay + 0.0002, from: 'client', flags: '.', seq: 1, ack: 1 },
    {
      at: 2 * delay + 0.001,
      from: 'client',
      flags: 'P.',
      seq: 1,
      ack: 1,
      length: 100,
      text: 'GET /orders/4711 HTTP/1.1\r\nHost: shop.example\r\n\r\n',
    },
    { at: 3 * delay + 0.0011, from: 'server', flags: '.', seq: 1, ack: 101 },
  ];
}

/** The opening, then the server's own RST: it aborts, and both captures see it. */
export function aborted(delay = 0.02): Sent[] {
  return [...opening(delay), { at: 0.3, from: 'server', flags: 'R.', seq: 1, ack: 101 }];
}

/** The opening, then a RST that a box made in the server's name; the server answers all the same. */
export function injected(delay = 0.02): Sent[] {
  return [
    ...opening(delay),
    { at: 0.2, from: 'server', flags: 'R.', seq: 1, ack: 101, made: true },
    { at: 0.3, from: 'server', flags: 'P.', seq: 1, ack: 101, length: 200, text: 'HTTP/1.1 200 OK\r\n' },
    { at: 0.3 + 2 * delay, from: 'client', flags: 'R', seq: 101 },
  ];
}

/** A request that is served, from `at` on: what a healthy connection looks like. */
export function served(at: number, delay = 0.02): Sent[] {
  const later = opening(delay).map((p) => ({ ...p, at: p.at + at }));
  const end = at + 3 * delay + 0.01;
  const text = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
  return [
    ...later,
    { at: end, from: 'server', flags: 'P.', seq: 1, ack: 101, length: text.length, text },
    { at: end + delay + 0.001, from: 'client', flags: 'F.', seq: 101, ack: 1 + text.length },
    { at: end + 2 * delay + 0.002, from: 'server', flags: 'F.', seq: 1 + text.length, ack: 102 },
    { at: end + 3 * delay + 0.003, from: 'client', flags: '.', seq: 102, ack: 2 + text.length },
  ];
}
