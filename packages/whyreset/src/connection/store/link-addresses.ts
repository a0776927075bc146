import { formatMac } from '../../wire/address.ts';

/**
 * Link-layer addresses by a small index, so that a connection holds one word
 * for each instead of two. A capture has few; past the limit they are unknown.
 */
export class LinkAddresses {
  private readonly high: Int32Array;
  private readonly low: Int32Array;
  private readonly slots: Int16Array;
  private readonly texts: (string | null)[] = [];
  private count = 0;

  constructor(limit = 8192) {
    this.high = new Int32Array(limit);
    this.low = new Int32Array(limit);
    this.slots = new Int16Array(limit * 2);
  }

  /** @param high upper 16 bits, -1 for none; @param low lower 32 bits */
  intern(high: number, low: number): number {
    if (high < 0) return -1;
    const word = low | 0;
    const mask = this.slots.length - 1;
    let slot = Math.imul(word ^ Math.imul(high + 1, 0x9e3779b1), 0x85ebca6b) >>> 8;
    for (; ; slot++) {
      const entry = this.slots[slot & mask]!;
      if (entry === 0) break;
      if (this.low[entry - 1] === word && this.high[entry - 1] === high) return entry - 1;
    }
    if (this.count === this.high.length) return -1;
    this.high[this.count] = high;
    this.low[this.count] = word;
    this.slots[slot & mask] = ++this.count;
    return this.count - 1;
  }

  /** `aa:bb:cc:dd:ee:ff`, null for -1. */
  text(index: number): string | null {
    if (index < 0) return null;
    this.texts[index] ??= formatMac(this.high[index]!, this.low[index]! >>> 0);
    return this.texts[index]!;
  }
}
