const CHUNK_BITS = 20;
const CHUNK = 1 << CHUNK_BITS;

/**
 * Records of bytes one after the other, in chunks of 1 MiB. A record never
 * crosses a chunk. No object exists per record: one double says where it is.
 */
export class Tape {
  private readonly chunks: Uint8Array[] = [];
  private used = CHUNK;
  private starts = new Float64Array(256);
  /** Records on the tape. */
  length = 0;

  /** Appends `bytes[0, length)`; returns the record's index. Longer than a chunk: a RangeError. */
  append(bytes: Uint8Array, length: number): number {
    if (length > CHUNK) throw new RangeError(`A record of ${length} bytes does not fit a chunk.`);
    if (this.used + length > CHUNK) {
      this.chunks.push(new Uint8Array(CHUNK));
      this.used = 0;
    }
    const chunk = this.chunks[this.chunks.length - 1]!;
    chunk.set(bytes.subarray(0, length), this.used);
    if (this.length === this.starts.length) {
      const larger = new Float64Array(this.starts.length * 2);
      larger.set(this.starts);
      this.starts = larger;
    }
    this.starts[this.length] = (this.chunks.length - 1) * CHUNK + this.used;
    this.used += length;
    return this.length++;
  }

  /** The chunk a record lies in and the offset there. */
  at(index: number): { bytes: Uint8Array; offset: number } {
    const start = this.starts[index]!;
    return { bytes: this.chunks[Math.floor(start / CHUNK)]!, offset: start % CHUNK };
  }

  /** Bytes of memory the tape holds. */
  get memory(): number {
    return this.chunks.length * CHUNK + this.starts.byteLength;
  }
}
