import { formatAddress } from '../../wire/address.ts';

/** Above the port in a label. */
export const IPV6_LABEL = 1 << 16;

/**
 * A bounded table from an endpoint to a few numbers, by open addressing in
 * typed arrays. It is written once per connection, at its end. The text form of
 * the address is made only when it is asked for.
 */
export class EndpointTable {
  private readonly slots: Int32Array;
  /** Four address words, then family and port. */
  private keys: Int32Array;
  values: Float64Array;
  count = 0;
  private readonly width: number;
  private readonly limit: number;

  constructor(limit: number, width: number) {
    this.limit = limit;
    this.width = width;
    this.slots = new Int32Array(1 << (33 - Math.clz32(limit)));
    this.keys = new Int32Array(64 * 5);
    this.values = new Float64Array(64 * width);
  }

  /** Offset of the endpoint's values; a new one is filled by `initial`. -1 when the table is full. */
  enter(
    words: Int32Array,
    at: number,
    label: number,
    initial: (values: Float64Array, at: number) => void,
  ): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let h = Math.imul(label ^ 0x2545f491, 0x9e3779b1);
    for (let i = 0; i < 4; i++) h = Math.imul((h ^ words[at + i]!) + (h >>> 15), 0x85ebca6b);
    let slot = (h ^ (h >>> 13)) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const key = (slots[slot]! - 1) * 5;
      if (this.keys[key + 4] === label && this.same(key, words, at)) return (slots[slot]! - 1) * this.width;
    }
    if (this.count === this.limit) return -1;
    if (this.count * 5 === this.keys.length) this.grow();
    const key = this.count * 5;
    for (let i = 0; i < 4; i++) this.keys[key + i] = words[at + i]!;
    this.keys[key + 4] = label;
    slots[slot] = ++this.count;
    const value = (this.count - 1) * this.width;
    initial(this.values, value);
    return value;
  }

  /** Calls back with the text form and label of every endpoint. */
  each(visit: (address: string, label: number, at: number) => void): void {
    const words = new Uint32Array(4);
    for (let i = 0; i < this.count; i++) {
      for (let w = 0; w < 4; w++) words[w] = this.keys[i * 5 + w]!;
      const label = this.keys[i * 5 + 4]!;
      visit(formatAddress(words, (label & IPV6_LABEL) !== 0 ? 6 : 4), label, i * this.width);
    }
  }

  /** The address of the endpoint whose values stand at `at`, as text. */
  textAt(at: number): string {
    const key = (at / this.width) * 5;
    const words = Uint32Array.from(this.keys.subarray(key, key + 4));
    return formatAddress(words, (this.keys[key + 4]! & IPV6_LABEL) !== 0 ? 6 : 4);
  }

  private same(key: number, words: Int32Array, at: number): boolean {
    const { keys } = this;
    return (
      keys[key] === words[at] &&
      keys[key + 1] === words[at + 1] &&
      keys[key + 2] === words[at + 2] &&
      keys[key + 3] === words[at + 3]
    );
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Int32Array(keys.length * 2);
    this.keys.set(keys);
    this.values = new Float64Array(values.length * 2);
    this.values.set(values);
  }
}
