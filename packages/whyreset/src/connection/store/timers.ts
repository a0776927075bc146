import type { Blocks } from './blocks.ts';
import { ATTEMPT, DELETE, EXPIRE, EXPIRE_2, IDLE_LIMIT, LAST_TIME, STRIDE } from './layout.ts';

const ARITY = 4;

/**
 * The order in which connections fall due: a four-way heap of rows in typed
 * arrays, each row once.
 *
 * A row's key may be too early (a packet moved its silence limit); it is then
 * corrected when it surfaces. So the per-packet cost is one comparison with
 * `next`, and a connection passes through the heap about twice in its life.
 */
export class Timers {
  /** Time of the earliest key, Infinity when empty. */
  next = Number.POSITIVE_INFINITY;
  private keys = new Float64Array(1024);
  private order = new Int32Array(1024);
  private count = 0;
  /** Where each row stands; apart from the rows, because a sift touches many of them. */
  private readonly positions: Int32Array;
  private readonly rows: Blocks;

  constructor(rows: Blocks) {
    this.rows = rows;
    this.positions = new Int32Array(rows.limit);
  }

  /** When the first timer of row `r` is due. */
  due(r: number): number {
    const { d, v } = this.rows;
    return Math.min(
      d[(r + EXPIRE) >> 1]!,
      d[(r + EXPIRE_2) >> 1]!,
      d[(r + DELETE) >> 1]!,
      d[(r + ATTEMPT) >> 1]!,
      d[(r + LAST_TIME) >> 1]! + v[r + IDLE_LIMIT]!,
    );
  }

  add(r: number): void {
    if (this.count === this.order.length) this.grow();
    this.count++;
    this.up(this.count - 1, r, this.due(r));
    this.next = this.keys[0]!;
  }

  remove(r: number): void {
    const hole = this.positions[index(r)]!;
    this.count--;
    if (hole !== this.count) this.place(hole, this.order[this.count]!, this.keys[this.count]!);
    this.next = this.count === 0 ? Number.POSITIVE_INFINITY : this.keys[0]!;
  }

  /** A timer of row `r` was set: takes notice when it is earlier than the row's key. */
  earlier(r: number, time: number): void {
    const at = this.positions[index(r)]!;
    if (time < this.keys[at]!) {
      this.up(at, r, time);
      this.next = this.keys[0]!;
    }
  }

  /** The row whose true due time is the earliest and not after `now`, or -1. */
  pop(now: number): number {
    while (this.count > 0 && this.keys[0]! <= now) {
      const r = this.order[0]!;
      const due = this.due(r);
      if (due <= this.keys[0]!) return r;
      this.down(0, r, due);
    }
    this.next = this.count === 0 ? Number.POSITIVE_INFINITY : this.keys[0]!;
    return -1;
  }

  private place(at: number, r: number, key: number): void {
    if (at > 0 && this.keys[(at - 1) >> 2]! > key) this.up(at, r, key);
    else this.down(at, r, key);
  }

  private up(from: number, r: number, key: number): void {
    const { keys, order, positions } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (keys[parent]! <= key) break;
      keys[at] = keys[parent]!;
      order[at] = order[parent]!;
      positions[index(order[at]!)] = at;
      at = parent;
    }
    keys[at] = key;
    order[at] = r;
    positions[index(r)] = at;
  }

  private down(from: number, r: number, key: number): void {
    const { keys, order, positions, count } = this;
    let at = from;
    for (;;) {
      const first = at * ARITY + 1;
      if (first >= count) break;
      let least = first;
      const last = Math.min(first + ARITY, count);
      for (let child = first + 1; child < last; child++) if (keys[child]! < keys[least]!) least = child;
      if (keys[least]! >= key) break;
      keys[at] = keys[least]!;
      order[at] = order[least]!;
      positions[index(order[at]!)] = at;
      at = least;
    }
    keys[at] = key;
    order[at] = r;
    positions[index(r)] = at;
  }

  private grow(): void {
    const { keys, order } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.keys.set(keys);
    this.order = new Int32Array(order.length * 2);
    this.order.set(order);
  }
}

function index(r: number): number {
  return (r / STRIDE) | 0;
}
