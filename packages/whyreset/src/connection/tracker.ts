import { checksumVerdict } from '../wire/checksum.ts';
import type { CaptureSink } from '../wire/reader.ts';
import type { IcmpQuote, Segment } from '../wire/segment.ts';
import { Archive } from './archive/archive.ts';
import { type FinishedConnection, FinishedRow } from './archive/finished-row.ts';
import type { Ended } from './archive/format.ts';
import { ChecksumTally } from './checksum-tally.ts';
import type { Predecessor } from './connection.ts';
import { hostReport } from './hosts/host-report.ts';
import { Hosts } from './hosts/hosts.ts';
import { noteIcmp } from './notes/icmp.ts';
import { predecessorOf } from './notes/predecessor.ts';
import { holdsSending, recordCopy, type Sending } from './notes/sendings.ts';
import { isTroubled } from './selection/index.ts';
import {
  DID_CLOSE,
  END,
  FLAGS,
  RELEASED,
  SENT,
  SENT_KNOWN,
  SIDE_0,
  SIDE_1,
  START,
  STATE,
  TRANSLATED,
  TROUBLED,
  TTL,
} from './store/layout.ts';
import { Live } from './store/live.ts';
import { closeRow, openRow, slimRow } from './store/row.ts';
import { ConnectionTable, type Tuple } from './store/table.ts';
import type { ConnectionFilter, Standing, TrackerOptions } from './tracker-options.ts';
import { expire } from './zeek/closing.ts';
import { badChecksum } from './zeek/history.ts';
import { takeSegment } from './zeek/segment-step.ts';
import { flip, isReuse, startsFlipped } from './zeek/state-machine.ts';

const FIN = 0x01;
const SYN = 0x02;

export type { ConnectionSummary, FinishedConnection } from './archive/finished-row.ts';

export type { ConnectionFilter, Standing, TrackerOptions } from './tracker-options.ts';

/** The share of live connections evicted at once when the bound is reached. */
const EVICTED_SHARE = 64;

/**
 * Packets in, finished connections out, with Zeek 7's idea of where a
 * connection begins, ends and what happened in it.
 *
 * Packets must come in the order of the capture. `on` is called when a
 * connection is forgotten: some seconds of packet time after its close, after
 * five minutes of silence, when its 4-tuple is used again, or at `end()`.
 */
export class ConnectionTracker implements CaptureSink {
  readonly archive: Archive;
  /** Healthy connections, when they are kept. */
  readonly twins: Archive;
  readonly hosts = new Hosts();
  /** Connections begun, those evicted to stay within the bound, and ICMP errors that matched none. */
  connections = 0;
  evicted = 0;
  strayIcmp = 0;
  /** Segments ignored for their TCP checksum, and those that passed, when all are verified. */
  damagedSegments = 0;
  soundSegments = 0;
  /** Connection of the last segment, for `copied`'s callers; -1 when it went to none. */
  row = -1;
  /** Connections that were seen before and after a translation of addresses. */
  translations = 0;
  /** How wrong checksums were judged; null when all are verified, as Zeek does. */
  readonly checksums: ChecksumTally | null;
  private readonly live: Live;
  private readonly table: ConnectionTable;
  private readonly on: (connection: FinishedConnection) => void;
  private readonly every: boolean;
  /** Up to this many live connections memory is no concern. */
  private readonly spacious: number;
  private readonly filter: ConnectionFilter | null;
  private readonly keep: 'troubled' | 'every' | 'nothing';
  private readonly keepsTwins: boolean;
  private readonly handle: FinishedRow;

  constructor(options: TrackerOptions, on: (connection: FinishedConnection) => void = () => {}) {
    this.live = new Live(Math.max(1, options.maxConnections ?? 200_000), options.inactivity);
    this.table = new ConnectionTable(this.live.rows);
    this.archive = new Archive(this.live.links, options.maxArchived ?? 1_000_000, options.input ?? 0);
    this.twins = new Archive(this.live.links, options.maxTwins ?? 0, options.input ?? 0);
    this.keepsTwins = (options.maxTwins ?? 0) > 0 && options.twins !== 'translated';
    this.handle = new FinishedRow(this.live);
    this.on = on;
    this.checksums = options.checksums === 'resets' ? new ChecksumTally() : null;
    this.every = options.every ?? false;
    this.filter = options.filter ?? null;
    this.spacious = (options.maxConnections ?? 200_000) >> 2;
    this.keep = options.keep ?? 'troubled';
  }

  /** Connections tracked at the moment. */
  get liveConnections(): number {
    return this.live.rows.used;
  }

  /**
   * Where the connection of a segment stands: the number that its sender has to
   * send next, the TTLs it showed, the time of the last packet, and whether this
   * sending was among the packets. Null when no such connection is live, or the
   * sender sent nothing.
   */
  standing(segment: Tuple & Sending): Standing | null {
    const r = this.table.find(segment);
    if (r < 0) return null;
    const { v, d } = this.live.rows;
    const e = this.table.side === 0 ? r + SIDE_0 : r + SIDE_1;
    const ttl = v[e + TTL]!;
    if ((v[e + STATE]! & SENT_KNOWN) === 0 || ttl === 0) return null;
    return {
      next: v[e + SENT]! >>> 0,
      ttlMin: ttl & 0xff,
      ttlMax: ttl >> 8,
      end: d[(r + END) >> 1]!,
      held: holdsSending(this.live, r, segment),
    };
  }

  /** Time of the last segment. */
  get until(): number {
    return this.live.now;
  }

  segment(s: Segment): void {
    const { live } = this;
    this.row = -1;
    if (this.checksums !== null && !this.checksums.accepts(s)) return;
    live.now = s.time;
    if (s.time >= live.timers.next) this.runTimers(s.time);
    const damaged = this.isDamaged(s);
    let r = this.table.find(s);
    let side = this.table.side;
    let before: Predecessor | null = null;
    this.row = r;
    if (r >= 0 && (s.flags & SYN) !== 0 && isReuse(live.rows.v, r, s.flags, s.seq | 0)) {
      before = predecessorOf(live, r, side);
      this.finish(r, 'reused');
      r = -1;
      this.table.find(s);
    }
    if (r < 0) {
      r = this.open(s);
      this.row = r;
      if (before !== null) live.predecessors.set(r, before);
      side = 0;
    }
    if (damaged) {
      badChecksum(live, r, side === 0 ? r + SIDE_0 : r + SIDE_1);
      return;
    }
    takeSegment(live, r, side, s);
    if ((s.flags & FIN) !== 0) this.slim(r);
  }

  /** The packet at hand is another copy of one that was taken already (see copies.ts). */
  copied(s: Segment, original: number): void {
    const r = this.table.find(s);
    if (r >= 0) recordCopy(this.live, r, original, s.ttl);
  }

  /** The last segment's connection and the one in row `other` are one, before and after a translation: both are kept. */
  translated(_: Segment, other: number): void {
    const { v } = this.live.rows;
    if (this.row < 0 || other < 0 || this.row === other) return;
    if ((v[this.row + FLAGS]! & TRANSLATED) === 0) this.translations++;
    v[this.row + FLAGS] = v[this.row + FLAGS]! | TRANSLATED;
    v[other + FLAGS] = v[other + FLAGS]! | TRANSLATED;
  }

  icmp(quote: IcmpQuote): void {
    const r = this.table.find(quote);
    if (r < 0 || !noteIcmp(this.live, r, quote, this.table.side)) {
      this.strayIcmp++;
      return;
    }
    const v = this.live.rows.v;
    v[r + FLAGS] = v[r + FLAGS]! | TROUBLED;
  }

  /** No more packets: everything that is still live ends here, the oldest first. */
  end(): void {
    const { rows } = this.live;
    const left: number[] = [];
    this.table.each((r) => left.push(r));
    // Start times may be equal; the row's place then decides, which is the same in every run.
    left.sort((a, b) => rows.d[(a + START) >> 1]! - rows.d[(b + START) >> 1]! || a - b);
    for (const r of left) this.finish(r, 'end-of-input');
  }

  private runTimers(now: number): void {
    const { live } = this;
    const { timers } = live;
    for (let r = timers.pop(now); r >= 0; r = timers.pop(now)) {
      const expiry = expire(live, r, now);
      if (expiry !== 'kept') this.finish(r, expiry);
    }
  }

  private open(s: Segment): number {
    const { live } = this;
    let r = live.rows.take();
    if (r < 0) {
      this.evict();
      r = live.rows.take();
      this.table.find(s);
    }
    this.connections++;
    this.table.add(r, s);
    openRow(live, r);
    live.timers.add(r);
    const broadcast = s.family === 4 && s.destination[0] === 0xffff_ffff;
    if (startsFlipped(s.flags, s.sourcePort, s.destinationPort) && !broadcast) flip(live, r);
    return r;
  }

  private isDamaged(s: Segment): boolean {
    if (this.checksums !== null) return this.checksums.isDamagedReset(s);
    const damaged = checksumVerdict(s) === 'bad';
    if (damaged) this.damagedSegments++;
    else this.soundSegments++;
    return damaged;
  }

  /**
   * After a FIN: a clean end both ways only waits to be forgotten. While there
   * is room it keeps its packets, because what comes late may make them matter.
   */
  private slim(r: number): void {
    const { live } = this;
    const { v } = live.rows;
    if (live.rows.used <= this.spacious || this.keep === 'every' || this.keepsTwins) return;
    if ((v[r + FLAGS]! & (RELEASED | TRANSLATED)) !== 0) return;
    if ((v[r + SIDE_0 + STATE]! & v[r + SIDE_1 + STATE]! & DID_CLOSE) === 0) return;
    if (isTroubled(live, r)) v[r + FLAGS] = v[r + FLAGS]! | TROUBLED;
    else slimRow(live, r);
  }

  private finish(r: number, ended: Ended): void {
    const { live } = this;
    const troubled = isTroubled(live, r);
    const twin = !troubled && (this.keepsTwins || (live.rows.v[r + FLAGS]! & TRANSLATED) !== 0);
    this.hosts.add(hostReport(live, r));
    this.hosts.openStreams.add(live, r);
    if (twin) this.twins.add(live, r, ended);
    if (troubled || this.every || this.keep === 'every') this.report(r, troubled, ended);
    live.timers.remove(r);
    this.table.remove(r);
    closeRow(live, r);
  }

  private report(r: number, troubled: boolean, ended: Ended): void {
    const { live, handle } = this;
    handle.r = r;
    if (this.filter !== null && !this.filter(handle.originator(), handle.responder())) return;
    const keeps = this.keep === 'every' || (troubled && this.keep === 'troubled');
    handle.troubled = troubled;
    handle.index = keeps ? this.archive.add(live, r, ended) : -1;
    if (troubled || this.every) this.on(handle);
  }

  /** Makes room by ending the least recently active connections, a batch at a time so that one sort serves many. */
  private evict(): void {
    const { rows } = this.live;
    const all: number[] = [];
    this.table.each((r) => all.push(r));
    all.sort((a, b) => rows.d[(a + END) >> 1]! - rows.d[(b + END) >> 1]! || a - b);
    const count = Math.max(1, Math.floor(all.length / EVICTED_SHARE));
    for (let i = 0; i < count; i++) this.finish(all[i]!, 'evicted');
    this.evicted += count;
  }
}
