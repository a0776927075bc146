import type { Archive } from './connection/archive/archive.ts';
import { checksumWarnings } from './connection/checksum-warnings.ts';
import { CopyFilter } from './connection/copies.ts';
import { type Hosts, holdsOneDirection } from './connection/hosts/hosts.ts';
import { PacketDigest } from './connection/packet-digest.ts';
import { TimeOrder } from './connection/time-order.ts';
import { type ConnectionFilter, ConnectionTracker } from './connection/tracker.ts';
import type { Stretch } from './continuation.ts';
import { FilterMatch } from './filter-match.ts';
import type { PastedRecords } from './host/pasted.ts';
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
  /** The files that the capture was written to, in order of time, with the packets of each. */
  files: { name: string; packets: number }[];
  info: CaptureInfo;
  /** All TCP connections, healthy ones too. */
  connections: number;
  archive: Archive;
  /** Healthy connections; with a single input those alone that it holds under two names. */
  twins: Archive;
  hosts: Hosts;
  /** Time of the last segment, as in `Connection`. */
  until: number;
  /** Connections that the capture holds before and after a translation of addresses. */
  translations: number;
  filter: ConnectionFilter | null;
  /** The filter lets at least one packet through; true without a filter. */
  matched: boolean;
  /** What hosts recorded, in a text beside its packets; null for a capture. */
  records: PastedRecords | null;
}

/** bytes (or lines of text) → packets → connections, for one input. */
export class Gathering {
  private readonly tracker: ConnectionTracker;
  private readonly reader: InputReader;
  private readonly filter: ConnectionFilter | null;
  private readonly input: number;
  private readonly order: TimeOrder;
  private readonly digest: PacketDigest;
  private readonly match: FilterMatch | null;
  /** Of each file that holds TCP, with several inputs: equal for files of the same packets. */
  readonly fingerprints: string[] = [];
  /** Files begun, with the packets before each. */
  private readonly files: { name: string; before: number }[] = [];

  /** @param input index of the input, which its connections carry */
  constructor(input: number, { filter = null, several = false, ...bounds }: GatherOptions = {}) {
    this.input = input;
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
    const single = new CopyFilter(this.tracker);
    this.digest = new PacketDigest(single, () => this.info.epochSeconds);
    const sink = several ? this.digest : single;
    this.match = filter === null ? null : new FilterMatch(sink, filter);
    this.order = new TimeOrder(this.match ?? sink);
    this.reader = new InputReader(this.order, { damagedHeaders: 'mark' });
  }

  /** A file begins, and goes on with the capture where another ended. */
  begin(name: string): void {
    this.files.push({ name, before: this.info.packets });
  }

  /** The file has ended; another may begin. */
  endFile(): void {
    this.reader.endFile();
    this.order.flush();
    const fingerprint = this.digest.take();
    if (fingerprint !== null) this.fingerprints.push(fingerprint);
  }

  /** Names of its files, in order of time. */
  get names(): string[] {
    return this.files.map(({ name }) => name);
  }

  /** Where the capture stands after what was read of it. */
  get stretch(): Stretch {
    const { tracker, info, reader, files } = this;
    return {
      tracker,
      linkTypes: info.linkTypes,
      epochSeconds: info.epochSeconds,
      until: reader.until,
      name: files.at(-1)?.name ?? '',
    };
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
    this.order.flush();
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

  /** @param input where it stands among the inputs, when that is not what it was made with */
  gathered(name: string, input = this.input): Gathered {
    const { info, filter } = this;
    const { connections, archive, twins, hosts, until, translations } = this.tracker;
    archive.input = input;
    twins.input = input;
    const ends = [...this.files.slice(1).map(({ before }) => before), info.packets];
    const files = this.files.map((file, i) => ({ name: file.name, packets: ends[i]! - file.before }));
    return {
      name,
      files,
      info,
      connections,
      archive,
      twins,
      hosts,
      until,
      translations,
      filter,
      matched: this.match?.found ?? true,
      records: this.reader.records,
    };
  }
}
