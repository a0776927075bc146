const TWO_32 = 4_294_967_296;
/** Seconds of the year 10000: a time beyond is a garbled field, and no calendar prints it. */
const LATEST = 253_402_300_800;

/**
 * The clock of one pcapng interface: 64-bit ticks, in two words, to seconds
 * relative to the capture's epoch. Ticks since 1970 do not fit a double at
 * nanosecond resolution, differences to the epoch do.
 */
export class InterfaceClock {
  private readonly resolution: number;
  private readonly offset: bigint;
  private readonly ticksPerSecond: number;
  private epochHigh = 0;
  private epochLow = 0;
  private set = false;

  /** `resolution` is the if_tsresol byte: a power of ten, or of two with the high bit; `offset` is if_tsoffset in seconds. */
  constructor(resolution = 6, offset = 0n) {
    this.resolution = resolution;
    this.offset = offset;
    this.ticksPerSecond = Number(this.ticks());
  }

  /** Whole seconds since 1970 of a packet, to become the epoch; -1 when the field is beyond belief. */
  seconds(high: number, low: number): number {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    const seconds = Number(ticks / this.ticks() + this.offset);
    return seconds >= 0 && seconds < LATEST ? seconds : -1;
  }

  /** Seconds since `epoch` (which must be the same at every call); NaN when beyond belief. */
  time(high: number, low: number, epoch: number): number {
    if (!this.set) this.start(epoch);
    const time = ((high - this.epochHigh) * TWO_32 + (low - this.epochLow)) / this.ticksPerSecond;
    return time + epoch >= 0 && time + epoch < LATEST ? time : Number.NaN;
  }

  private start(epoch: number): void {
    const ticks = (BigInt(epoch) - this.offset) * this.ticks();
    this.epochHigh = Number(ticks >> 32n);
    this.epochLow = Number(ticks & 0xffffffffn);
    this.set = true;
  }

  private ticks(): bigint {
    const exponent = BigInt(this.resolution & 0x7f);
    return (this.resolution & 0x80) !== 0 ? 2n ** exponent : 10n ** exponent;
  }
}
