import type { Archive } from '../connection/archive/archive.ts';
import type { Brief } from '../connection/archive/brief.ts';
import type { Connection } from '../connection/connection.ts';
import type { Orientation } from './orientation.ts';

/** An archive whose connections have the client as their originator. Briefs are Zeek's still: they are compared both ways. */
export class OrientedArchive {
  private readonly archive: Archive;
  private readonly orientation: Orientation;

  constructor(archive: Archive, orientation: Orientation) {
    this.archive = archive;
    this.orientation = orientation;
  }

  get length(): number {
    return this.archive.length;
  }

  get dropped(): number {
    return this.archive.dropped;
  }

  /** As `Archive.connection`. */
  connection(index: number): Connection {
    return this.orientation.orient(this.archive.connection(index));
  }

  /** As `Archive.brief`. */
  brief(index: number, into: Brief): void {
    this.archive.brief(index, into);
  }
}
