import type { Connection } from '../connection.ts';
import type { LinkAddresses } from '../store/link-addresses.ts';
import type { Live } from '../store/live.ts';
import { type Brief, readBrief } from './brief.ts';
import { ByteReader, ByteWriter } from './byte-codec.ts';
import type { Ended } from './format.ts';
import { packConnection } from './pack.ts';
import { Tape } from './tape.ts';
import { unpackConnection } from './unpack.ts';

/**
 * Finished connections that are worth a closer look, as compact records of a
 * few hundred bytes each. Any one is made into a `Connection` on demand, so
 * that thousands of them cost neither memory nor garbage.
 */
export class Archive {
  /** Connections that no longer fitted. */
  dropped = 0;
  private readonly tape = new Tape();
  private readonly writer = new ByteWriter();
  private readonly reader = new ByteReader();
  private readonly links: LinkAddresses;
  private readonly limit: number;
  /** What `Connection.input` of all of them is. */
  input: number;

  constructor(links: LinkAddresses, limit: number, input: number) {
    this.links = links;
    this.limit = limit;
    this.input = input;
  }

  get length(): number {
    return this.tape.length;
  }

  /** Bytes of memory held. */
  get memory(): number {
    return this.tape.memory;
  }

  /** Index of the connection in row `r`, -1 when the archive is full. */
  add(live: Live, r: number, ended: Ended): number {
    if (this.tape.length >= this.limit) {
      this.dropped++;
      return -1;
    }
    packConnection(live, r, ended, this.writer);
    return this.tape.append(this.writer.bytes, this.writer.at);
  }

  /** Makes connection `index` (0-based, in order of removal) anew; a RangeError when there is none. */
  connection(index: number): Connection {
    this.seek(index);
    return unpackConnection(this.reader, this.links, this.input);
  }

  /** Only what tells connection `index` from others, into an object that may be used again. */
  brief(index: number, into: Brief): void {
    this.seek(index);
    readBrief(this.reader, into);
  }

  private seek(index: number): void {
    if (index < 0 || index >= this.length)
      throw new RangeError(`No connection ${index} in an archive of ${this.length}.`);
    const { bytes, offset } = this.tape.at(index);
    this.reader.bytes = bytes;
    this.reader.at = offset;
  }
}
