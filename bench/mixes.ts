import { dice } from '../scripts/mutate.ts';
import { ACK, FIN, type Flow, PSH, REQUEST, RESPONSE, RST, SYN, Writer } from './traffic.ts';

/** A kind of traffic, in ranges from which each connection draws. */
export interface Mix {
  name: string;
  connections: number;
  /** Connections open at the same time. */
  live: number;
  /** Requests of a connection. */
  requests: readonly [number, number];
  /** Full segments of an answer. */
  segments: readonly [number, number];
  /** Share of the answers' segments that are sent twice, or captured behind the one that follows them. */
  loss: number;
  /** One connection in this many is reset, by its server or its client. */
  resetEvery: number;
}

const bulk = { connections: 1500, live: 40, requests: [1, 3], segments: [100, 300], loss: 0.001 } as const;
const short = { connections: 80_000, live: 4000, requests: [1, 1], segments: [1, 1], loss: 0 } as const;
const lossy = { connections: 10_000, live: 300, requests: [1, 6], segments: [4, 20], loss: 0.05 } as const;

export const MIXES: readonly Mix[] = [
  { name: 'bulk transfers, few resets', ...bulk, resetEvery: 100 },
  { name: 'bulk transfers, many resets', ...bulk, resetEvery: 3 },
  { name: 'many short connections, few resets', ...short, resetEvery: 200 },
  { name: 'many short connections, many resets', ...short, resetEvery: 5 },
  { name: 'high loss, few resets', ...lossy, resetEvery: 100 },
  { name: 'high loss, many resets', ...lossy, resetEvery: 3 },
];

const FULL = 1448;

class Talk implements Flow {
  readonly client: number;
  readonly server: number;
  readonly clientPort: number;
  private clientSeq: number;
  private serverSeq: number;
  private readonly writer: Writer;

  constructor(index: number, writer: Writer, random: () => number) {
    this.client = (0x0a000000 + 2 + (index % 5000)) >>> 0;
    this.server = (0xc0a80000 + 1 + (index % 20)) >>> 0;
    this.clientPort = 32_768 + ((index * 7) % 28_000);
    this.clientSeq = Math.floor(random() * 2 ** 32);
    this.serverSeq = Math.floor(random() * 2 ** 32);
    this.writer = writer;
  }

  /** The client sends; FIN and SYN count as a byte. */
  up(flags: number, length = 0, head: string | null = null): void {
    this.writer.packet(this, true, flags, this.clientSeq, flags & ACK ? this.serverSeq : 0, length, head);
    this.clientSeq = (this.clientSeq + length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
  }

  /** @param ahead bytes between what the server sent last and this */
  down(flags: number, length = 0, head: string | null = null, ahead = 0): void {
    const seq = (this.serverSeq + ahead) >>> 0;
    this.writer.packet(this, false, flags, seq, this.clientSeq, length, head);
    if (ahead === 0) this.serverSeq = (seq + length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
  }

  /** The client has the next `bytes` of the server already. */
  skip(bytes: number): void {
    this.serverSeq = (this.serverSeq + bytes) >>> 0;
  }
}

/** One segment of an answer that went astray: sent again after duplicate acknowledgements, or captured behind the next. */
function* astray(talk: Talk, seen: boolean): Generator<void> {
  if (seen) {
    // The capture holds the first sending too, and the client does not.
    talk.down(ACK, FULL);
    talk.skip(-FULL);
    yield;
  }
  talk.down(ACK, FULL, null, FULL);
  yield;
  for (let i = 0; i < 3; i++) {
    talk.up(ACK);
    yield;
  }
  talk.down(ACK, FULL);
  talk.skip(FULL);
  yield;
  talk.up(ACK);
  yield;
}

/** A connection, a packet each step. */
function* converse(talk: Talk, mix: Mix, reset: boolean, random: () => number): Generator<void> {
  const within = ([least, most]: readonly [number, number]) =>
    least + Math.floor(random() * (most - least + 1));
  talk.up(SYN);
  yield;
  talk.down(SYN | ACK);
  yield;
  talk.up(ACK);
  yield;
  for (let left = within(mix.requests); left > 0; left--) {
    talk.up(PSH | ACK, 300, REQUEST);
    yield;
    for (let segment = 0, all = within(mix.segments); segment < all; segment++) {
      if (segment > 0 && random() < mix.loss) yield* astray(talk, random() < 0.5);
      talk.down(ACK, FULL, segment === 0 ? RESPONSE : null);
      yield;
      if (segment % 2 === 1 || segment === all - 1) {
        talk.up(ACK);
        yield;
      }
    }
  }
  if (reset) {
    if (random() < 0.5) talk.down(RST | ACK);
    else talk.up(RST | ACK);
    return;
  }
  talk.up(FIN | ACK);
  yield;
  talk.down(FIN | ACK);
  yield;
  talk.up(ACK);
}

/** Writes a pcap of interleaved connections of one kind; the same mix gives the same bytes. Returns its packets. */
export function writeMix(path: string, mix: Mix): number {
  const random = dice(20_261_201);
  const writer = new Writer(path);
  const live: Generator<void>[] = [];
  let begun = 0;
  const begin = () => {
    const index = begun++;
    return converse(new Talk(index, writer, random), mix, index % mix.resetEvery === 0, random);
  };
  while (live.length < Math.min(mix.live, mix.connections)) live.push(begin());
  while (live.length > 0) {
    const place = Math.floor(random() * live.length);
    if (live[place]!.next().done !== true) continue;
    if (begun < mix.connections) live[place] = begin();
    else {
      live[place] = live.at(-1)!;
      live.pop();
    }
  }
  writer.close();
  return writer.packets;
}
