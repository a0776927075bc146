import type { Archive } from './connection/archive.ts';
import type { Hosts } from './connection/hosts.ts';
import { type ConnectionFilter, ConnectionTracker } from './connection/tracker.ts';
import { CaptureReader } from './wire/capture-reader.ts';
import type { CaptureInfo } from './wire/reader.ts';

export type { ConnectionFilter };

/** How `diagnose` tracks, where that differs from Zeek; docs/decisions says why. */
export const TRACKING = { checksums: 'resets', inactivity: 7 * 24 * 3600 } as const;

export interface GatherOptions {
  /** Which connections are told about; all are tracked. */
  filter?: ConnectionFilter | null;
  /** Live connections tracked at once; the least recently active are given up beyond that. */
  maxConnections?: number;
}

/** What one input held: the troubled connections, packed, and what is known of the hosts. */
export interface Gathered {
  name: string;
  info: CaptureInfo;
  /** All TCP connections, healthy ones too. */
  connections: number;
  archive: Archive;
  hosts: Hosts;
}

/** bytes → packets → connections, for one input. */
export class Gathering {
  private readonly tracker: ConnectionTracker;
  private readonly reader: CaptureReader;

  /** @param input index of the input, which its connections carry */
  constructor(input: number, options: GatherOptions = {}) {
    this.tracker = new ConnectionTracker({ ...TRACKING, input, ...options });
    this.reader = new CaptureReader(this.tracker);
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
    const { evicted } = this.tracker;
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
    const { connections, archive, hosts } = this.tracker;
    return { name, info: this.info, connections, archive, hosts };
  }
}
