import { closeSync, openSync, writeSync } from 'node:fs';
import { dice } from '../scripts/mutate.ts';

/** What the generated capture holds. */
export interface Traffic {
  packets: number;
  connections: number;
  /** Connections open at the same time. */
  live: number;
  /** One connection in this many ends in a RST. */
  resetEvery: number;
}

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

export const REQUEST =
  'POST /orders/4711 HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: 64\r\n\r\n';
export const RESPONSE =
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: keep-alive\r\nContent-Length: 400\r\n\r\n';

/** How a connection that is reset comes to it. */
type Ending = 'fin' | 'active' | 'write-after-close' | 'refused' | 'client';
const ENDINGS: Ending[] = ['active', 'write-after-close', 'refused', 'client'];

class Conversation implements Flow {
  readonly client: number;
  readonly server: number;
  readonly clientPort: number;
  private step = 0;
  private readonly exchanges: number;
  private clientSeq: number;
  private serverSeq: number;
  private readonly ending: Ending;
  private readonly random: () => number;

  constructor(index: number, exchanges: number, resetEvery: number, random: () => number) {
    this.client = (0x0a000000 + 2 + (index % 40_000)) >>> 0;
    this.server = (0xc0a80000 + 1 + (index % 50)) >>> 0;
    this.clientPort = 1024 + ((index * 7) % 60_000);
    this.exchanges = exchanges;
    this.ending = index % resetEvery === 0 ? ENDINGS[(index / resetEvery) % ENDINGS.length]! : 'fin';
    this.clientSeq = Math.floor(random() * 4_294_967_296);
    this.serverSeq = Math.floor(random() * 4_294_967_296);
    this.random = random;
  }

  /** Writes the next packet; false when that was the last one. */
  next(writer: Writer): boolean {
    const step = this.step++;
    const { ending } = this;
    if (step === 0) return this.up(writer, SYN, 0, null);
    if (ending === 'refused') return this.refuse(writer);
    if (step === 1) return this.down(writer, SYN | ACK, 0, null);
    if (step === 2) return this.up(writer, ACK, 0, null);
    const within = step - 3;
    if (within < this.exchanges * 4) {
      if (within % 4 === 0)
        return this.up(writer, PSH | ACK, REQUEST.length + 64 + Math.floor(this.random() * 200), REQUEST);
      if (within % 4 === 1) return this.down(writer, ACK, 0, null);
      if (within % 4 === 2)
        return this.down(writer, PSH | ACK, 200 + Math.floor(this.random() * 700), RESPONSE);
      return this.up(writer, ACK, 0, null);
    }
    return this.end(writer, within - this.exchanges * 4);
  }

  private end(writer: Writer, step: number): boolean {
    if (this.ending === 'active') {
      if (step === 0) return this.up(writer, PSH | ACK, 260, REQUEST);
      return !this.down(writer, RST | ACK, 0, null);
    }
    if (this.ending === 'client') return !this.up(writer, RST | ACK, 0, null);
    if (this.ending === 'write-after-close') {
      if (step === 0) return this.down(writer, FIN | ACK, 0, null);
      if (step === 1) return this.up(writer, ACK, 0, null);
      if (step === 2) return this.up(writer, PSH | ACK, 260, REQUEST);
      writer.packet(this, false, RST, this.serverSeq, 0, 0, null);
      return false;
    }
    if (step === 0) return this.up(writer, FIN | ACK, 0, null);
    if (step === 1) return this.down(writer, FIN | ACK, 0, null);
    return !this.up(writer, ACK, 0, null);
  }

  private refuse(writer: Writer): boolean {
    writer.packet(this, false, RST | ACK, 0, this.clientSeq, 0, null);
    return false;
  }

  private up(writer: Writer, flags: number, length: number, head: string | null): true {
    writer.packet(this, true, flags, this.clientSeq, flags & ACK ? this.serverSeq : 0, length, head);
    this.clientSeq = (this.clientSeq + length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
    return true;
  }

  private down(writer: Writer, flags: number, length: number, head: string | null): true {
    writer.packet(this, false, flags, this.serverSeq, this.clientSeq, length, head);
    this.serverSeq = (this.serverSeq + length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
    return true;
  }
}

/** The addresses of a connection. */
export interface Flow {
  readonly client: number;
  readonly server: number;
  readonly clientPort: number;
}

export class Writer {
  packets = 0;
  private readonly file: number;
  private readonly buffer = Buffer.alloc(1 << 22);
  private at = 24;
  private microseconds = 0;

  constructor(path: string) {
    this.file = openSync(path, 'w');
    const b = this.buffer;
    b.writeUInt32LE(0xa1b2c3d4, 0);
    b.writeUInt16LE(2, 4);
    b.writeUInt16LE(4, 6);
    b.writeUInt32LE(262_144, 16);
    b.writeUInt32LE(1, 20);
  }

  packet(
    c: Flow,
    up: boolean,
    flags: number,
    seq: number,
    ack: number,
    length: number,
    head: string | null,
  ): void {
    const bare = (flags & RST) !== 0 && (ack === 0 || seq === 0);
    const header = bare ? 20 : 32;
    const size = 14 + 20 + header + length;
    if (this.at + 16 + size > this.buffer.length) this.flush();
    const b = this.buffer;
    this.microseconds += 40;
    b.writeUInt32LE(1_700_000_000 + Math.floor(this.microseconds / 1e6), this.at);
    b.writeUInt32LE(this.microseconds % 1e6, this.at + 4);
    b.writeUInt32LE(size, this.at + 8);
    b.writeUInt32LE(size, this.at + 12);
    let o = this.at + 16;
    b.writeUIntBE(up ? 0x020000000001 : 0x020000000002, o, 6);
    b.writeUIntBE(up ? 0x020000000002 : 0x020000000001, o + 6, 6);
    b.writeUInt16BE(0x0800, o + 12);
    o += 14;
    b[o] = 0x45;
    b[o + 1] = 0;
    b.writeUInt16BE(size - 14, o + 2);
    b.writeUInt16BE(bare ? 0 : this.packets & 0xffff, o + 4);
    b.writeUInt16BE(0x4000, o + 6);
    b[o + 8] = up ? 64 : 57;
    b[o + 9] = 6;
    b.writeUInt16BE(0, o + 10);
    b.writeUInt32BE(up ? c.client : c.server, o + 12);
    b.writeUInt32BE(up ? c.server : c.client, o + 16);
    b.writeUInt16BE(checksum(b, o, 20, 0), o + 10);
    const ip = o;
    o += 20;
    b.writeUInt16BE(up ? c.clientPort : 8080, o);
    b.writeUInt16BE(up ? 8080 : c.clientPort, o + 2);
    b.writeUInt32BE(seq, o + 4);
    b.writeUInt32BE(flags & ACK ? ack : 0, o + 8);
    b[o + 12] = (header / 4) << 4;
    b[o + 13] = flags;
    b.writeUInt16BE(bare ? 0 : 501, o + 14);
    b.writeUInt32BE(0, o + 16);
    if (!bare) {
      b.writeUInt32BE(0x0101080a, o + 20);
      b.writeUInt32BE(Math.floor(this.microseconds / 1000), o + 24);
      b.writeUInt32BE(0, o + 28);
    }
    b.fill(0x61, o + header, o + header + length);
    if (head !== null) b.write(head.slice(0, length), o + header, 'latin1');
    b.writeUInt16BE(checksum(b, o, header + length, pseudo(b, ip, header + length)), o + 16);
    this.at += 16 + size;
    this.packets++;
  }

  flush(): void {
    writeSync(this.file, this.buffer, 0, this.at);
    this.at = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }
}

function pseudo(b: Buffer, ip: number, length: number): number {
  let sum = 6 + length;
  for (let i = 12; i < 20; i += 2) sum += b.readUInt16BE(ip + i);
  return sum;
}

function checksum(b: Buffer, from: number, length: number, start: number): number {
  let sum = start;
  for (let i = 0; i + 1 < length; i += 2) sum += (b[from + i]! << 8) | b[from + i + 1]!;
  if (length % 2 === 1) sum += b[from + length - 1]! << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Writes a pcap of interleaved connections; the same traffic gives the same bytes. Returns its packets. */
export function writeTraffic(path: string, traffic: Traffic): number {
  const random = dice(20_261_121);
  const writer = new Writer(path);
  const exchanges = Math.max(1, Math.round((traffic.packets / traffic.connections - 6) / 4));
  const live: Conversation[] = [];
  let begun = 0;
  // The mean of one to twice-less-one exchanges is `exchanges`; two more make up for the short, refused ones.
  const begin = () =>
    new Conversation(begun++, 1 + Math.floor(random() * (2 * exchanges + 0.6)), traffic.resetEvery, random);
  while (live.length < Math.min(traffic.live, traffic.connections)) live.push(begin());
  while (live.length > 0) {
    const place = Math.floor(random() * live.length);
    if (live[place]!.next(writer)) continue;
    if (begun < traffic.connections) live[place] = begin();
    else {
      live[place] = live.at(-1)!;
      live.pop();
    }
  }
  writer.close();
  return writer.packets;
}
