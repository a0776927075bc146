/**
 * Cuts a stream into packet records: the part of the reader that differs
 * between pcap and pcapng. It never sees a file, only windows on its bytes.
 */
export interface Framing {
  /** Bytes wanted, counted from the position `read` returned, before it can go on. */
  need: number;
  /** Bytes to drop unseen from that position (a large block of no interest); the reader sets it back to 0. */
  skip: number;
  /**
   * Takes whole records from `bytes[at..end)` and returns where it stopped.
   * `base` is the offset in the input of `bytes[0]`; `last` says that nothing
   * follows `end`. The outcome depends on the bytes alone, never on how they
   * were cut into windows.
   */
  read(bytes: Uint8Array, at: number, end: number, base: number, last: boolean): number;
}

/** Bounds of a reader; all have defaults that suit files of any size. */
export interface ReaderOptions {
  /** Longest packet record believed, in bytes; a longer one counts as garbled. Default 256 KiB, or the snap length when that is larger (up to 1 MiB). */
  maxRecordBytes?: number;
  /** How far to look for the next record after a garbled one. Default 16 MiB. */
  maxResyncBytes?: number;
  /** Memory for IP fragments waiting for their siblings. Default 4 MiB. */
  maxFragmentBytes?: number;
  /** How long a fragment waits, in seconds of capture time. Default 30, as Linux (`ipfrag_time`). */
  fragmentTimeout?: number;
  /** Tunnels inside tunnels that are followed. Default 8. */
  maxDepth?: number;
  /**
   * What becomes of a packet whose IPv4 header checksum is wrong: `skip` (the
   * default, and what Zeek does) drops it with a warning, `mark` hands it on
   * with `Segment.headerDamaged`.
   */
  damagedHeaders?: 'skip' | 'mark';
}

/** Longest record believed when the file does not ask for more: libpcap's MAXIMUM_SNAPLEN. */
export const DEFAULT_RECORD_BYTES = 262_144;
/** A snap length in a file header is a claim: above this it is not believed. */
const MAX_CLAIMED_RECORD = 1_048_576;

/** Longest record to accept under a claimed snap length. */
export function recordLimit(options: ReaderOptions, snapLength: number): number {
  if (options.maxRecordBytes !== undefined) return options.maxRecordBytes;
  return Math.max(DEFAULT_RECORD_BYTES, Math.min(snapLength, MAX_CLAIMED_RECORD));
}

/** How far to look for the next record by default. */
export const DEFAULT_RESYNC_BYTES = 16 * 1024 * 1024;

/** Bytes to gather before a search for the next record goes on: a header's worth at a time would copy and start anew for each byte. */
export const SEARCH_WINDOW = 65_536;

/** tcpdump writes 262144 for "everything"; what reaches that limits nothing. */
export function effectiveSnapLength(snapLength: number): number {
  return snapLength >= DEFAULT_RECORD_BYTES ? 0 : snapLength;
}
