const WORD = 2 ** 28;

/**
 * Numbers as bytes: small ones in one byte, larger ones in as many as they
 * need (seven bits each, least first), so that an archived packet takes about
 * twenty bytes. Good for integers up to 2^53.
 */
export class ByteWriter {
  bytes = new Uint8Array(8192);
  at = 0;
  private readonly double = new Float64Array(1);
  private readonly doubleBytes = new Uint8Array(this.double.buffer);

  byte(value: number): void {
    if (this.at === this.bytes.length) this.grow();
    this.bytes[this.at++] = value;
  }

  /** A non-negative integer. */
  uint(value: number): void {
    if (this.at + 8 > this.bytes.length) this.grow();
    const { bytes } = this;
    let at = this.at;
    let rest = value;
    // Four groups at a time by machine words; the division is only for what is longer.
    while (rest >= WORD) {
      const high = Math.floor(rest / WORD);
      const low = (rest - high * WORD) | 0;
      bytes[at++] = (low & 127) | 128;
      bytes[at++] = ((low >> 7) & 127) | 128;
      bytes[at++] = ((low >> 14) & 127) | 128;
      bytes[at++] = (low >> 21) | 128;
      rest = high;
    }
    let word = rest | 0;
    while (word > 127) {
      bytes[at++] = (word & 127) | 128;
      word >>= 7;
    }
    bytes[at++] = word;
    this.at = at;
  }

  /** Any integer: the sign goes into the lowest bit, so that small negative ones stay short. */
  int(value: number): void {
    this.uint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  float(value: number): void {
    this.double[0] = value;
    for (let i = 0; i < 8; i++) this.byte(this.doubleBytes[i]!);
  }

  /** Length, then the bytes themselves. */
  block(source: Uint8Array, from: number, length: number): void {
    this.uint(length);
    while (this.at + length > this.bytes.length) this.grow();
    const { bytes, at } = this;
    for (let i = 0; i < length; i++) bytes[at + i] = source[from + i]!;
    this.at = at + length;
  }

  text(ascii: string): void {
    this.uint(ascii.length);
    for (let i = 0; i < ascii.length; i++) this.byte(ascii.charCodeAt(i));
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Reads back what a `ByteWriter` wrote, in the same order. */
export class ByteReader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  private readonly double = new Float64Array(1);
  private readonly doubleBytes = new Uint8Array(this.double.buffer);

  byte(): number {
    return this.bytes[this.at++]!;
  }

  uint(): number {
    const { bytes } = this;
    let { at } = this;
    let byte = bytes[at++]!;
    let value = byte & 127;
    // Four groups by machine words; products of doubles only for what is longer.
    for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
      byte = bytes[at++]!;
      value |= (byte & 127) << shift;
    }
    for (let scale = WORD; byte > 127; scale *= 128) {
      byte = bytes[at++]!;
      value += (byte & 127) * scale;
    }
    this.at = at;
    return value;
  }

  /** Passes by so many integers. */
  skip(integers: number): void {
    const { bytes } = this;
    let { at } = this;
    for (let i = 0; i < integers; i++) while (bytes[at++]! > 127);
    this.at = at;
  }

  int(): number {
    const value = this.uint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float(): number {
    for (let i = 0; i < 8; i++) this.doubleBytes[i] = this.byte();
    return this.double[0]!;
  }

  /** A view of the bytes where they stand: what is written is never written again. */
  block(): Uint8Array {
    const length = this.uint();
    const view = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return view;
  }

  text(): string {
    const length = this.uint();
    let text = '';
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.byte());
    return text;
  }
}
