import type { Predecessor } from '../connection.ts';
import { INACTIVITY } from '../zeek/zeek-defaults.ts';
import { Blocks } from './blocks.ts';
import { BLOCK_LINK, BLOCK_WORDS, STRIDE } from './layout.ts';
import { LinkAddresses } from './link-addresses.ts';
import { Timers } from './timers.ts';

/** Words of an interval above a hole: next, its own pad, lower and upper as doubles. */
const INTERVAL_WORDS = 6;
/** Heads of a side's first and latest turn, in words: see turns.ts. */
const SMALL_HEAD_WORDS = 12;
const LARGE_HEAD_WORDS = 48;
/** First RST of a side: frame, number, length-link-layer source, and its payload. */
const RESET_WORDS = 72;
const NOTE_WORDS = 14;
const SACK_WORDS = 6;

/**
 * Everything that live connections hold, each kind in its own pool.
 * `maxConnections` bounds the rows; the rest is bounded in proportion, and what
 * no longer fits is left out of the picture rather than growing it.
 */
export class Live {
  readonly rows: Blocks;
  readonly intervals: Blocks;
  readonly timeline: Blocks;
  readonly smallHeads: Blocks;
  readonly largeHeads: Blocks;
  readonly resets: Blocks;
  readonly notes: Blocks;
  readonly sacks: Blocks;
  /** When each row falls due. */
  readonly timers: Timers;
  readonly links = new LinkAddresses();
  /** Letters past the inline ones, by row. */
  readonly longHistories = new Map<number, string>();
  /** What had the 4-tuple before, by row; few have any. */
  readonly predecessors = new Map<number, Predecessor>();
  /** Time of the packet at hand. */
  now = 0;
  /** Seconds of silence after which an open connection is forgotten. */
  readonly inactivity: number;

  constructor(maxConnections: number, inactivity = INACTIVITY) {
    this.inactivity = inactivity;
    this.rows = new Blocks(STRIDE, maxConnections);
    this.timers = new Timers(this.rows);
    this.timeline = new Blocks(BLOCK_WORDS, Math.max(64, maxConnections * 2), BLOCK_LINK);
    this.intervals = new Blocks(INTERVAL_WORDS, Math.max(1024, maxConnections >> 1));
    this.smallHeads = new Blocks(SMALL_HEAD_WORDS, Math.max(64, maxConnections));
    this.largeHeads = new Blocks(LARGE_HEAD_WORDS, Math.max(64, maxConnections >> 1));
    this.resets = new Blocks(RESET_WORDS, Math.max(64, maxConnections >> 2));
    this.notes = new Blocks(NOTE_WORDS, 4096, 0, 64);
    this.sacks = new Blocks(SACK_WORDS, 4096, 0, 64);
  }
}
