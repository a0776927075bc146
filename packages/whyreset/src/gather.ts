import type { Archive } from './connection/archive.ts';
import type { Endpoint } from './connection/connection.ts';
import type { Hosts } from './connection/hosts.ts';
import { ConnectionTracker } from './connection/tracker.ts';
import { CaptureReader } from './wire/capture-reader.ts';
import type { CaptureInfo } from './wire/reader.ts';

/** Which connections are wanted. */
export type ConnectionFilter = (
  originator: Pick<Endpoint, 'address' | 'port'>,
  responder: Pick<Endpoint, 'address' | 'port'>,
) => boolean;

export interface GatherOptions {
  filter?: ConnectionFilter | null;
  /** Live connections kept at once; the least recently active one is given up beyond that. */
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
  private readonly name: string;
  private readonly tracker: ConnectionTracker;
  private readonly reader: CaptureReader;

  /** @param input index of the input, which its connections carry */
  constructor(name: string, input: number, options: GatherOptions = {}) {
    this.name = name;
    this.tracker = new ConnectionTracker({ input, checksums: 'control', ...options });
    this.reader = new CaptureReader(this.tracker);
  }

  /** The next bytes; they are not kept. */
  push(chunk: Uint8Array): void {
    this.reader.push(chunk);
  }

  end(): Gathered {
    this.reader.end();
    this.tracker.end();
    const { connections, archive, hosts } = this.tracker;
    return { name: this.name, info: this.reader.info, connections, archive, hosts };
  }
}
