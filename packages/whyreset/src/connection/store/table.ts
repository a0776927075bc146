import type { Blocks } from './blocks.ts';
import { ADDRESS_0, ADDRESS_1, FLAGS, HASH, IPV6, PORTS } from './layout.ts';

/** What names a connection: `Segment` and `IcmpQuote` both have it. */
export interface Tuple {
  family: 4 | 6;
  source: Uint32Array;
  destination: Uint32Array;
  sourcePort: number;
  destinationPort: number;
}

/**
 * Finds a connection's row by its 4-tuple, whichever end sent the packet.
 *
 * Open addressing with linear probing; a slot holds the row's offset plus one.
 * Deletion shifts the followers back instead of leaving tombstones, so a table
 * that has seen millions of connections is as quick as a new one.
 */
export class ConnectionTable {
  private slots = new Int32Array(1 << 12);
  private mask = (1 << 12) - 1;
  private count = 0;
  private readonly rows: Blocks;
  /** Hash and side of the last `find`, for the `add` that may follow. */
  private hash = 0;
  /** 0 or 1: which side of the found row sent the packet. */
  side = 0;

  constructor(rows: Blocks) {
    this.rows = rows;
  }

  /** Row offset, or -1. Sets `side`. */
  find(t: Tuple): number {
    const { source, destination, sourcePort, destinationPort } = t;
    const from0 = source[0]! | 0;
    const to0 = destination[0]! | 0;
    const wide = t.family === 6;
    const hash = wide
      ? finish(mixWide(source, sourcePort) + mixWide(destination, destinationPort))
      : finish(mix(from0, sourcePort) + mix(to0, destinationPort));
    this.hash = hash;
    const { slots, mask } = this;
    const v = this.rows.v;
    const ahead = (sourcePort << 16) | destinationPort;
    const back = (destinationPort << 16) | sourcePort;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot]!;
      if (entry === 0) return -1;
      const r = entry - 1;
      const ports = v[r + PORTS]!;
      if (ports === ahead && v[r + ADDRESS_0] === from0 && v[r + ADDRESS_1] === to0) {
        if (wide === ((v[r + FLAGS]! & IPV6) !== 0) && (!wide || sameWide(v, r, source, destination))) {
          this.side = 0;
          return r;
        }
      }
      if (ports === back && v[r + ADDRESS_1] === from0 && v[r + ADDRESS_0] === to0) {
        if (wide === ((v[r + FLAGS]! & IPV6) !== 0) && (!wide || sameWide(v, r, destination, source))) {
          this.side = 1;
          return r;
        }
      }
    }
  }

  /** Writes the tuple that was just not found into row `r`, its flags included, and enters it. */
  add(r: number, t: Tuple): void {
    const v = this.rows.v;
    for (let i = 0; i < 4; i++) {
      v[r + ADDRESS_0 + i] = t.source[i]!;
      v[r + ADDRESS_1 + i] = t.destination[i]!;
    }
    v[r + PORTS] = (t.sourcePort << 16) | t.destinationPort;
    v[r + FLAGS] = t.family === 6 ? IPV6 : 0;
    v[r + HASH] = this.hash;
    if (++this.count * 2 > this.slots.length) this.grow();
    this.enter(r, this.hash);
  }

  remove(r: number): void {
    const { slots, mask } = this;
    const v = this.rows.v;
    let hole = v[r + HASH]! & mask;
    while (slots[hole] !== r + 1) hole = (hole + 1) & mask;
    for (let next = (hole + 1) & mask; slots[next] !== 0; next = (next + 1) & mask) {
      const home = v[slots[next]! - 1 + HASH]! & mask;
      // A follower may fill the hole only if its own search would still pass there.
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        slots[hole] = slots[next]!;
        hole = next;
      }
    }
    slots[hole] = 0;
    this.count--;
  }

  /** Calls back for every row, in no useful order; the table must not change meanwhile. */
  each(visit: (r: number) => void): void {
    for (const entry of this.slots) if (entry !== 0) visit(entry - 1);
  }

  private enter(r: number, hash: number): void {
    const { slots, mask } = this;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = r + 1;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    this.mask = this.slots.length - 1;
    const v = this.rows.v;
    for (const entry of old) if (entry !== 0) this.enter(entry - 1, v[entry - 1 + HASH]!);
  }
}

/** One end, mixed by itself, so that the sum of both ends does not depend on the direction. */
function mix(address: number, port: number): number {
  let h = Math.imul(address ^ Math.imul(port + 1, 0x9e3779b1), 0x85ebca6b);
  h ^= h >>> 15;
  return Math.imul(h, 0xc2b2ae35);
}

function mixWide(address: Uint32Array, port: number): number {
  const h = mix(address[0]! | 0, address[1]! | 0) ^ mix(address[2]! | 0, address[3]! | 0);
  return mix(h, port);
}

function finish(sum: number): number {
  let h = sum | 0;
  h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  return (h ^ (h >>> 13)) & 0x7fffffff;
}

function sameWide(v: Int32Array, r: number, first: Uint32Array, second: Uint32Array): boolean {
  for (let i = 1; i < 4; i++) {
    if (v[r + ADDRESS_0 + i] !== (first[i]! | 0) || v[r + ADDRESS_1 + i] !== (second[i]! | 0)) return false;
  }
  return true;
}
