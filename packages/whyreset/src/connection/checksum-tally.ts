import { checksumVerdict } from '../wire/checksum.ts';
import type { Segment } from '../wire/segment.ts';

const SYN = 0x02;
const RST = 0x04;

/** Senders are told apart by a hash of their address; two that share a slot are judged as one. */
const SLOTS = 4096;
/** Words of a slot: headers right and wrong, segments right and wrong. */
const WORDS = 4;
const HEADER = 0;
const SEGMENT = 2;
/** All packets up to this number are looked at, then one in sixteen, and every SYN. */
const ALL_UP_TO = 4096;
const ONE_IN = 16;
/** A sender's checksums mean nothing when at most one in ten is right. */
const MOST_RIGHT = 9;

/**
 * Whether a wrong checksum means anything, judged by its sender's other packets.
 *
 * Damage is rare and hits single packets. Where nearly all packets of a sender
 * fail, something else made the checksums wrong: addresses rewritten after the
 * capture, payload removed, segments joined by the receiving network card. To
 * skip them would leave a capture in which nothing happened.
 */
export class ChecksumTally {
  /** Packets that were read although the IPv4 header checksum is wrong, and those that were skipped for it. */
  headersIgnored = 0;
  headersSkipped = 0;
  /** RSTs that were read although the TCP checksum is wrong, and those that were skipped for it. */
  segmentsIgnored = 0;
  segmentsSkipped = 0;
  private readonly counts = new Int32Array(SLOTS * WORDS);

  /**
   * Takes a packet into account; to be called for each.
   *
   * @returns false when its header is damaged and it has to be skipped
   */
  accepts(s: Segment): boolean {
    if (s.number <= ALL_UP_TO || (s.number & (ONE_IN - 1)) === 0 || (s.flags & SYN) !== 0) this.sample(s);
    if (!s.headerDamaged) return true;
    const ignored = this.isMeaningless(s, HEADER);
    if (ignored) this.headersIgnored++;
    else this.headersSkipped++;
    return ignored;
  }

  /** A RST whose receiver ignores it, because its TCP checksum is wrong and those of its sender are right otherwise. */
  isDamagedReset(s: Segment): boolean {
    if ((s.flags & RST) === 0 || checksumVerdict(s) !== 'bad') return false;
    const ignored = this.isMeaningless(s, SEGMENT);
    if (ignored) this.segmentsIgnored++;
    else this.segmentsSkipped++;
    return !ignored;
  }

  /** A forged RST may have a wrong checksum by intent, so RSTs say nothing about their sender. */
  private sample(s: Segment): void {
    if ((s.flags & RST) !== 0) return;
    const at = slotOf(s);
    this.counts[at + HEADER + (s.headerDamaged ? 1 : 0)]!++;
    // Payload is left out: to sum it costs too much, and a removed payload says nothing about a RST, which has none.
    if (s.payloadLength > 0) return;
    const verdict = checksumVerdict(s);
    if (verdict !== 'unverifiable') this.counts[at + SEGMENT + (verdict === 'bad' ? 1 : 0)]!++;
  }

  private isMeaningless(s: Segment, kind: number): boolean {
    const at = slotOf(s) + kind;
    return this.counts[at]! * MOST_RIGHT <= this.counts[at + 1]!;
  }
}

function slotOf({ source }: Segment): number {
  const mixed = source[0]! ^ source[1]! ^ source[2]! ^ source[3]!;
  return ((Math.imul(mixed, 0x9e3779b1) >>> 20) & (SLOTS - 1)) * WORDS;
}
