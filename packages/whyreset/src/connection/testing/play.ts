import { Segment } from '../../wire/segment.ts';
import type { Connection } from '../connection.ts';
import { type ConnectionSummary, ConnectionTracker, type TrackerOptions } from '../tracker.ts';

/*
 * Packet sequences for tests, one packet a line:
 *
 *   time direction flags seq ack length name=value …
 *
 * `>` is the end that the play names first. Flags are tcpdump's letters.
 * Numbers are relative to each end's initial sequence number.
 */

const FLAG_BITS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, '.': 16, U: 32, E: 64, W: 128 };

export interface Cast {
  /** Addresses as words, and ports. */
  client?: readonly number[];
  server?: readonly number[];
  clientPort?: number;
  serverPort?: number;
  clientIsn?: number;
  serverIsn?: number;
}

export interface Played {
  tracker: ConnectionTracker;
  summaries: ConnectionSummary[];
  /** Every connection, in the order of removal. */
  connections: Connection[];
  /** Packet time at which each was removed, or Infinity at the end of input. */
  removedAt: number[];
}

/** A segment of the cast's connection; `words` as in a play's line. */
export function segmentOf(line: string, cast: Cast, number: number): Segment {
  const [time, direction, flags, ...rest] = line.trim().split(/\s+/);
  const numbers = rest.filter((word) => !word.includes('=')).map(Number);
  const named = Object.fromEntries(rest.filter((word) => word.includes('=')).map((word) => word.split('=')));
  const [seq = 0, ack = 0, length = 0] = numbers;
  const client = {
    address: cast.client ?? [0x0a000001],
    port: cast.clientPort ?? 40_000,
    isn: cast.clientIsn ?? 1000,
  };
  const server = {
    address: cast.server ?? [0x0a000002],
    port: cast.serverPort ?? 9999,
    isn: cast.serverIsn ?? 5000,
  };
  const [from, to] = direction === '>' ? [client, server] : [server, client];
  const s = new Segment();
  s.number = number;
  s.time = Number(time);
  s.family = client.address.length > 1 ? 6 : 4;
  s.source.set(from.address);
  s.destination.set(to.address);
  s.sourcePort = from.port;
  s.destinationPort = to.port;
  s.flags = [...flags!].reduce((bits, letter) => bits | FLAG_BITS[letter]!, 0);
  s.seq = named.rawseq === undefined ? (from.isn + seq) >>> 0 : Number(named.rawseq);
  s.ack = (s.flags & 16) !== 0 ? (to.isn + ack) >>> 0 : 0;
  s.window = Number(named.win ?? 512);
  s.ttl = Number(named.ttl ?? 64);
  s.ipId = Number(named.id ?? 1);
  s.tsVal = Number(named.ts ?? -1);
  const text = named.text ?? '';
  s.payloadLength = text === '' ? length : text.length;
  s.payloadCaptured = Number(named.cap ?? s.payloadLength);
  // A zero checksum is one left to the network card, so these segments count as good.
  s.bytes = new Uint8Array(40 + s.payloadLength);
  s.tcpOffset = 20;
  s.payloadOffset = 40;
  s.tcpCaptured = 20 + s.payloadCaptured;
  for (let i = 0; i < text.length; i++) s.bytes[40 + i] = text[i] === '_' ? 0x20 : text.charCodeAt(i);
  return s;
}

/** Plays a script to a tracker that keeps everything, and ends it. */
export function play(script: string, cast: Cast = {}, options: TrackerOptions = {}): Played {
  const summaries: ConnectionSummary[] = [];
  const removedAt: number[] = [];
  let now = 0;
  const tracker = new ConnectionTracker(
    { every: true, keep: 'every', maxConnections: 1000, ...options },
    (one) => {
      summaries.push(one.summary());
      removedAt.push(now);
    },
  );
  let number = 0;
  for (const line of script.trim().split('\n')) {
    if (line.trim() === '') continue;
    const s = segmentOf(line, cast, ++number);
    now = s.time;
    tracker.segment(s);
  }
  now = Number.POSITIVE_INFINITY;
  tracker.end();
  const connections = Array.from({ length: tracker.archive.length }, (_, i) => tracker.archive.connection(i));
  return { tracker, summaries, connections, removedAt };
}

/** `state history` of every connection of a script. */
export function outcomes(script: string, cast: Cast = {}, options: TrackerOptions = {}): string[] {
  return play(script, cast, options).summaries.map(({ state, history }) => `${state} ${history}`);
}

/** The three packets that open a connection, from time 0. */
export const HANDSHAKE = `
  0.000 > S  0
  0.010 < S. 0 1
  0.020 > .  1 1
`;
