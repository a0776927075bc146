import type { ListedPacket } from './listed-packet.ts';

/** Where a format puts what it understood. */
export interface ListingSink {
  packet(packet: ListedPacket): void;
  /** A line that begins as a packet does and cannot be read, with why in a few words. */
  damaged(line: number, why: string): void;
  /** Lines that were taken and turn out to be none of the format. */
  foreign(line: number): void;
}

/** Reads the lines of one text in one format; it keeps what it needs to put a packet together. */
export interface ListingParser {
  /**
   * Takes a line when it belongs to this format: the beginning of a packet, or more of the one at hand.
   *
   * @param line without quote marks and bullets
   * @param number from 1
   * @returns false when the line is none of it; the packet at hand is then complete
   */
  take(line: string, number: number): boolean;
  /** Hands over the packet at hand. */
  flush(): void;
}

/** A way of writing packets as text, known by its content. */
export interface ListingFormat {
  /** As `inputs[].format` names it. */
  id: string;
  title: string;
  parser(sink: ListingSink): ListingParser;
}
