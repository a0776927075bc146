import { once } from 'node:events';
import { createWriteStream, realpathSync, renameSync, rmSync, type WriteStream } from 'node:fs';
import { type PacketRecord, PacketRecords } from '../wire/packet-records.ts';
import {
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
  type WrittenInterface,
} from '../wire/pcapng-writer.ts';
import { InputError } from './input-error.ts';
import { readChunks } from './open.ts';

/** What is written beside the packets. */
export interface Notes {
  header: string;
  application: string;
  /** @param packet frame number in that input */
  of(input: number, packet: number): readonly string[];
}

/** An input being read again, one chunk's records at a time. */
class Source {
  readonly interfaces: WrittenInterface[] = [];
  private readonly records: PacketRecord[] = [];
  private at = 0;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private readonly reader: PacketRecords;
  private ended = false;

  constructor(path: string) {
    this.chunks = readChunks(path).chunks[Symbol.asyncIterator]();
    this.reader = new PacketRecords({
      interface: (described) => this.interfaces.push(described),
      packet: (record) => this.records.push(record),
    });
  }

  /** The next record, which `take` removes; null at the end. */
  async peek(): Promise<PacketRecord | null> {
    while (this.at >= this.records.length && !this.ended) {
      this.records.length = 0;
      this.at = 0;
      const { value, done } = await this.chunks.next();
      if (done) {
        this.ended = true;
        this.reader.end();
      } else this.reader.push(value);
    }
    return this.records[this.at] ?? null;
  }

  take(): void {
    this.at++;
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}

/** Fails at once where the annotated file cannot go. Throws `InputError`. */
export function checkTarget(target: string, inputs: readonly string[]): void {
  if (inputs.includes('-'))
    throw new InputError(
      'unreadable',
      '--annotate reads the capture a second time, which standard input does not allow: save it to a file first.',
    );
  checkOverwrite('--annotate', target, inputs);
}

/** Fails where writing `target`, the value of `option`, would destroy an input. Throws `InputError`. */
export function checkOverwrite(option: string, target: string, inputs: readonly string[]): void {
  const real = (path: string) => {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  };
  if (inputs.some((input) => real(input) === real(target)))
    throw new InputError('unwritable', `${option} ${target} would overwrite the capture that it reads.`);
}

/**
 * Writes the packets of all inputs, in the order of their times, as one pcapng
 * section with notes as comments. Each interface of each input becomes one of
 * its own; with several inputs its description names the file.
 */
export async function annotate(target: string, inputs: readonly string[], notes: Notes): Promise<void> {
  const part = `${target}.part`;
  const sources = inputs.map((path) => new Source(path));
  const out = createWriteStream(part);
  try {
    const failed = once(out, 'error').then(([error]) => Promise.reject(error as Error));
    failed.catch(() => {});
    await Promise.race([failed, write(out, sources, inputs, notes)]);
    out.end();
    await Promise.race([failed, once(out, 'close')]);
    renameSync(part, target);
  } catch (error) {
    out.destroy();
    rmSync(part, { force: true });
    if ((error as NodeJS.ErrnoException).code === undefined || error instanceof InputError) throw error;
    throw new InputError('unwritable', `${target} cannot be written: ${(error as Error).message}.`, error);
  } finally {
    for (const source of sources) await source.close();
  }
}

async function write(
  out: WriteStream,
  sources: readonly Source[],
  inputs: readonly string[],
  notes: Notes,
): Promise<void> {
  const put = async (bytes: Uint8Array) => {
    if (!out.write(bytes)) await once(out, 'drain');
  };
  await put(sectionHeader(notes.header, notes.application));
  /** Numbers in the written file of each input's interfaces. */
  const numbers: number[][] = inputs.map(() => []);
  let interfaces = 0;
  const describe = async (input: number) => {
    const known = numbers[input]!;
    for (const described of sources[input]!.interfaces.slice(known.length)) {
      const of = inputs.length > 1 ? inputs[input]! : '';
      const description = [of, described.description].filter((part) => part !== '').join(': ');
      await put(interfaceDescription({ ...described, description }));
      known.push(interfaces++);
    }
  };
  for (;;) {
    let first = -1;
    let record: PacketRecord | null = null;
    for (const [input, source] of sources.entries()) {
      const candidate = await source.peek();
      if (candidate !== null && (record === null || candidate.seconds < record.seconds)) {
        first = input;
        record = candidate;
      }
    }
    if (record === null) break;
    if (numbers[first]!.length < sources[first]!.interfaces.length) await describe(first);
    const interfaceId = numbers[first]![record.interfaceId] ?? 0;
    const comments = [...record.comments, ...notes.of(first, record.number)];
    await put(enhancedPacket({ ...record, interfaceId, comments }));
    sources[first]!.take();
  }
  for (const input of inputs.keys()) await describe(input);
}
