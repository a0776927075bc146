/**
 * Equal blocks of 32-bit words with a free list.
 *
 * It starts small and goes to its full size in one step: untouched pages of a
 * zeroed buffer cost no memory, so one large reservation is cheaper than
 * doubling, which would hold the old and the new copy at the same time. The
 * free list is last-in first-out, so pages that were touched are used again.
 */
export class Blocks {
  readonly words: number;
  readonly limit: number;
  /** The same memory as 32-bit integers, doubles, floats and bytes. */
  v: Int32Array;
  d: Float64Array;
  f: Float32Array;
  b: Uint8Array;
  bytes: DataView;
  /** Blocks in use. */
  used = 0;
  private capacity: number;
  private fresh = 0;
  private free = -1;

  /** Word of a block that links it to the next free one. */
  private readonly link: number;

  /**
   * @param words size of a block, even
   * @param limit most blocks that may exist
   * @param link word that links free blocks; where its user keeps a link too, whole chains can be given back
   */
  constructor(words: number, limit: number, link = 0, initial = 1024) {
    this.words = words;
    this.link = link;
    this.limit = limit;
    this.capacity = Math.min(initial, limit);
    const buffer = new ArrayBuffer(this.capacity * words * 4);
    this.v = new Int32Array(buffer);
    this.d = new Float64Array(buffer);
    this.f = new Float32Array(buffer);
    this.b = new Uint8Array(buffer);
    this.bytes = new DataView(buffer);
  }

  /** No block can be taken. */
  get full(): boolean {
    return this.used === this.limit;
  }

  /** Word offset of a block whose content is undefined, or -1 when all are in use. */
  take(): number {
    const free = this.free;
    if (free >= 0) {
      this.free = this.v[free + this.link]!;
      this.used++;
      return free;
    }
    if (this.fresh === this.capacity && !this.grow()) return -1;
    this.used++;
    return this.fresh++ * this.words;
  }

  give(at: number): void {
    this.giveChain(at, at, 1);
  }

  /** Gives back `count` blocks that are already linked from `first` to `last`. */
  giveChain(first: number, last: number, count: number): void {
    this.v[last + this.link] = this.free;
    this.free = first;
    this.used -= count;
  }

  private grow(): boolean {
    if (this.capacity === this.limit) return false;
    this.capacity = this.limit;
    const buffer = new ArrayBuffer(this.capacity * this.words * 4);
    const words = new Int32Array(buffer);
    words.set(this.v);
    this.v = words;
    this.d = new Float64Array(buffer);
    this.f = new Float32Array(buffer);
    this.b = new Uint8Array(buffer);
    this.bytes = new DataView(buffer);
    return true;
  }
}
