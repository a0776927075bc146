import type { Endpoint } from './connection.ts';

/** Which connections are wanted. */
export type ConnectionFilter = (
  originator: Pick<Endpoint, 'address' | 'port'>,
  responder: Pick<Endpoint, 'address' | 'port'>,
) => boolean;

export interface TrackerOptions {
  /**
   * Which segments have their checksum verified. `all` is what Zeek does;
   * `resets` verifies those with RST alone, the ones a verdict rests on,
   * because summing everything costs as much as all the rest, and holds a
   * wrong one against the sender's other packets (`checksums`). Default `all`.
   */
  checksums?: 'all' | 'resets';
  /** Report every connection, not only troubled ones. Default false. */
  every?: boolean;
  /** Which connections are reported and archived; all are tracked. */
  filter?: ConnectionFilter | null;
  /** What goes into the archive. Default `troubled`. */
  keep?: 'troubled' | 'every' | 'nothing';
  /**
   * Seconds of silence after which an open connection is forgotten. Default
   * Zeek's five minutes.
   */
  inactivity?: number;
  /** Most connections tracked at once; the least recently active are evicted. Default 200,000. */
  maxConnections?: number;
  /** Most connections in the archive. Default 1,000,000. */
  maxArchived?: number;
  /**
   * Most healthy connections kept in `twins`, a few hundred bytes each, to be
   * held against another capture: the RST that one end received may be missing
   * at the other. Default 0, which keeps none.
   */
  maxTwins?: number;
  /** Which healthy connections are kept: all, or those that were seen under two names (see `translated`). Default `all`. */
  twins?: 'all' | 'translated';
  /** Index of the input, passed through to `Connection.input`. */
  input?: number;
}

/** Where a connection stands after what was read. */
export interface Standing {
  next: number;
  ttlMin: number;
  ttlMax: number;
  end: number;
  held: boolean;
}
