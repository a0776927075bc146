import type { Archive } from './connection/archive.ts';
import { checksumWarnings } from './connection/checksum-warnings.ts';
import { CopyFilter } from './connection/copies.ts';
import { type Hosts, holdsOneDirection } from './connection/hosts.ts';
import { type ConnectionFilter, ConnectionTracker } from './connection/tracker.ts';
import { InputReader } from './input-reader.ts';
import type { CaptureInfo } from './wire/reader.ts';

export type { ConnectionFilter };

/** How `diagnose` tracks, where that differs from Zeek; docs/decisions says why. */
export const TRACKING = { checksums: 'resets', inactivity: 7 * 24 * 3600 } as const;

export interface GatherOptions {
  /** Which connections are told about; all are tracked. */
  filter?: ConnectionFilter | null;
  /** Live connections tracked at once; the least recently active are given up beyond that. */
  maxConnections?: number;
  /** There are other inputs: healthy connections are kept as well, to be held against theirs. */
  several?: boolean;
}

/** Healthy connections kept of each of several inputs; at well under a kilobyte each, some 150 MB. */
const MAX_TWINS = 250_000;

/** What one input held: the troubled connections, packed, and what is known of the hosts. */
export interface Gathered {
  name: string;
  info: CaptureInfo;
  /** All TCP connections, healthy ones too. */
  connections: number;
  archive: Archive;
  /** Healthy connections; empty with a single input. */
  twins: Archive;
  hosts: Hosts;
  /** Time of the last segment, as in `Connection`. */
  until: number;
  filter: ConnectionFilter | null;
}

/** bytes (or lines of text) → packets → connections, for one input. */
export class Gathering {
  private readonly tracker: ConnectionTracker;
  private readonly reader: InputReader;
  private readonly filter: ConnectionFilter | null;

  /** @param input index of the input, which its connections carry */
  constructor(input: number, { filter = null, several = false, ...bounds }: GatherOptions = {}) {
    this.filter = filter;
    this.tracker = new ConnectionTracker({
      ...TRACKING,
      ...bounds,
      input,
      // A NAT between two captures gives a connection two names, so with several all are kept and told by the filter later.
      filter: several ? null : filter,
      maxTwins: MAX_TWINS,
      twins: several ? 'all' : 'translated',
    });
    this.reader = new InputReader(new CopyFilter(this.tracker), { damagedHeaders: 'mark' });
  }

  get info(): CaptureInfo {
    return this.reader.info;
  }

  /** The next bytes; they are not kept. */
  push(chunk: Uint8Array): void {
    this.reader.push(chunk);
  }

  end(): void {
    this.reader.end();
    this.tracker.end();
    this.info.warnings.push(...checksumWarnings(this.tracker));
    const { evicted, twins, hosts } = this.tracker;
    if (holdsOneDirection(hosts.directions)) {
      this.info.warnings.push({
        code: 'one-direction',
        message:
          'The capture holds only one direction of nearly all connections, so what the other side sent is not known. Capture where both directions pass: both ports of a mirror, every link of a bond or of asymmetric routes, without a filter by source or destination.',
        count: hosts.directions.one,
      });
    }
    if (twins.length > 0 && twins.dropped > 0) {
      this.info.warnings.push({
        code: 'unkept-connections',
        message: 'More healthy connections than are kept for comparison with the other captures.',
        count: twins.dropped,
      });
    }
    if (evicted > 0) {
      this.info.warnings.push({
        code: 'evicted-connections',
        message:
          'More connections were open at once than are tracked; the least recently active were given up.',
        count: evicted,
      });
    }
  }

  gathered(name: string): Gathered {
    const { info, filter } = this;
    const { connections, archive, twins, hosts, until } = this.tracker;
    return { name, info, connections, archive, twins, hosts, until, filter };
  }
}
