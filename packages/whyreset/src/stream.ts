import { CaptureSet } from './capture-set.ts';
import { Diagnosis } from './diagnosis.ts';
import { type ConnectionChoice, connectionFilter } from './filter.ts';
import type { Gathering } from './gather.ts';
import type { HostRecords } from './host/records.ts';
import { Prelude } from './prelude.ts';
import { LibraryUsageError } from './usage-error.ts';
import type { Result } from './verdict/result.ts';

/** One file of a diagnosis, fed as it comes. */
class StreamedFile {
  private readonly prelude = new Prelude();
  private readonly waiting: Uint8Array[] = [];
  private gathering: Gathering | null = null;
  private readonly take: (prelude: Prelude) => Gathering | null;

  constructor(take: (prelude: Prelude) => Gathering | null) {
    this.take = take;
  }

  push(chunk: Uint8Array): void {
    if (this.gathering !== null) {
      this.gathering.push(chunk);
      return;
    }
    // Whether the file goes on with another one is known from its first packets.
    this.prelude.push(chunk);
    this.waiting.push(Uint8Array.from(chunk));
    if (this.prelude.enough) this.begin();
  }

  private begin(): void {
    this.gathering = this.take(this.prelude);
    for (const chunk of this.waiting.splice(0)) this.gathering?.push(chunk);
  }

  end(): void {
    if (this.gathering === null) {
      this.prelude.end();
      this.begin();
    }
    this.gathering?.endFile();
  }
}

/** A diagnosis of captures that come in pieces: of a pipe, an upload, a file too large for memory. */
export interface DiagnosisStream {
  /** Begins a file; the one before has ended. Files are to come in the order of their times. */
  file(name: string): this;
  /**
   * The next bytes of the file, which is called `capture` unless `file` named it; they are not kept.
   *
   * @throws NotACaptureError when the file is no capture
   */
  push(chunk: Uint8Array): this;
  /** All files have ended: judges. It can be called once. */
  result(): Result;
}

export class CaptureStream implements DiagnosisStream {
  private readonly set: CaptureSet;
  private readonly records: HostRecords | null;
  private current: StreamedFile | null = null;
  private files = 0;

  /** @param records what hosts recorded beside the packets */
  constructor(choice: ConnectionChoice, records: HostRecords | null) {
    // More files may follow, so healthy connections are kept for comparison.
    this.set = new CaptureSet(choice.several === true ? 2 : 1, { filter: connectionFilter(choice) });
    this.records = records;
  }

  file(name: string): this {
    this.endFile();
    const position = this.files++;
    this.current = new StreamedFile((prelude) => this.set.take(position, name, prelude));
    return this;
  }

  push(chunk: Uint8Array): this {
    if (!(chunk instanceof Uint8Array))
      throw new LibraryUsageError('push takes the bytes of a capture, a Uint8Array', chunk);
    if (this.current === null) this.file('capture');
    this.current!.push(chunk);
    return this;
  }

  private endFile(): void {
    this.current?.end();
    this.current = null;
  }

  result(): Result {
    this.endFile();
    const { gathered } = this.set.close();
    return new Diagnosis(gathered, this.records, this.set.unread).result();
  }
}
