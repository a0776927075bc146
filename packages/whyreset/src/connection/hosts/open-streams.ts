import { formatAddress } from '../../wire/address.ts';
import {
  ACK_KNOWN,
  ADDRESS_0,
  ADDRESS_1,
  END,
  FIN_SEEN,
  FLAGS,
  IPV6,
  PORTS,
  RESETS,
  SENT,
  SENT_KNOWN,
  SIDE_0,
  SIDE_1,
  STATE,
  SYN_SEEN,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';

/** Connections that are kept, 56 bytes each; those that end later are not. */
const MOST = 1 << 16;
const FIRST = 1 << 8;

/** Words: both addresses, ports, next raw numbers of both sides, family. */
const WORDS = 12;
const DIALLED = 8;
const BOTH_KNOWN = SENT_KNOWN | ACK_KNOWN;

/** One end of a connection that was never closed, and the raw number that it would send next. */
export interface OpenEnd {
  address: string;
  port: number;
  next: number;
}

export interface OpenStream {
  /** Side 0 and side 1 as tracked. */
  ends: readonly [OpenEnd, OpenEnd];
  /** Its SYN was seen; then the first end is the client. */
  dialled: boolean;
  /** Time of its last packet. */
  end: number;
}

/**
 * Connections that fell silent without a FIN or a RST. Nothing is wrong with them, so no archive keeps them; but
 * when a translator has given their client another port, their sequence numbers go on under that one, and only a
 * note of the old ones proves it.
 */
export class OpenStreams {
  private words = new Int32Array(WORDS * FIRST);
  private times = new Float64Array(FIRST);
  private count = 0;

  /** Notes the finished connection in row `r`, if it was left open. */
  add(live: Live, r: number): void {
    const { v, d } = live.rows;
    const state0 = v[r + SIDE_0 + STATE]!;
    const state1 = v[r + SIDE_1 + STATE]!;
    if (((state0 | state1) & FIN_SEEN) !== 0 || (state0 & state1 & BOTH_KNOWN) !== BOTH_KNOWN) return;
    if (v[r + SIDE_0 + RESETS]! + v[r + SIDE_1 + RESETS]! > 0 || this.count === MOST) return;
    if (this.count === this.times.length) this.grow();
    const at = WORDS * this.count;
    for (let i = 0; i < 4; i++) {
      this.words[at + i] = v[r + ADDRESS_0 + i]!;
      this.words[at + 4 + i] = v[r + ADDRESS_1 + i]!;
    }
    this.words[at + 8] = v[r + PORTS]!;
    this.words[at + 9] = v[r + SIDE_0 + SENT]!;
    this.words[at + 10] = v[r + SIDE_1 + SENT]!;
    const dialled = (state0 & SYN_SEEN) !== 0 ? DIALLED : 0;
    this.words[at + 11] = ((v[r + FLAGS]! & IPV6) !== 0 ? 6 : 4) | dialled;
    this.times[this.count++] = d[(r + END) >> 1]!;
  }

  *[Symbol.iterator](): Generator<OpenStream> {
    for (let i = 0; i < this.count; i++) {
      const at = WORDS * i;
      const family = (this.words[at + 11]! & 7) === 6 ? 6 : 4;
      const ports = this.words[at + 8]!;
      const endAt = (from: number, port: number, next: number): OpenEnd => ({
        address: formatAddress(Uint32Array.from(this.words.subarray(at + from, at + from + 4)), family),
        port,
        next: this.words[at + next]! >>> 0,
      });
      const ends = [endAt(0, ports >>> 16, 9), endAt(4, ports & 0xffff, 10)] as const;
      yield { ends, dialled: (this.words[at + 11]! & DIALLED) !== 0, end: this.times[i]! };
    }
  }

  private grow(): void {
    const { words, times } = this;
    this.words = new Int32Array(2 * words.length);
    this.words.set(words);
    this.times = new Float64Array(2 * times.length);
    this.times.set(times);
  }
}
