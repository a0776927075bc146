/** What an interface of the written file is described by. */
export interface WrittenInterface {
  linkNumber: number;
  /** Bytes kept per packet, 0 when unlimited. */
  snapLength: number;
  name: string;
  description: string;
  /** The if_tsresol byte: a power of ten, or of two with the high bit. */
  resolution: number;
  /** if_tsoffset, seconds. */
  offset: bigint;
}

/** One packet as it was captured. */
export interface WrittenPacket {
  /** Index of its interface in the written file. */
  interfaceId: number;
  /** Time stamp in ticks of that interface. */
  ticksHigh: number;
  ticksLow: number;
  /** Bytes on the wire. */
  wireLength: number;
  data: Uint8Array;
  /** Each becomes a comment of its own. */
  comments: readonly string[];
  /** epb_flags, null when there were none. */
  flags: number | null;
}

const SECTION = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;

const COMMENT = 1;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const EPB_FLAGS = 2;
const USER_APPLICATION = 4;

/** The length of an option is a 16-bit number. */
const LONGEST_OPTION = 65_535;

const encoder = new TextEncoder();

/** UTF-8 of at most `LONGEST_OPTION` bytes, no character cut in two. */
function utf8(text: string): Uint8Array {
  const bytes = encoder.encode(text);
  if (bytes.length <= LONGEST_OPTION) return bytes;
  let end = LONGEST_OPTION;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

const padded = (length: number) => (length + 3) & ~3;

/** Options are gathered first, because a block's length stands before them. */
class Options {
  private readonly parts: { code: number; value: Uint8Array }[] = [];

  text(code: number, value: string): this {
    if (value !== '') this.parts.push({ code, value: utf8(value) });
    return this;
  }

  bytes(code: number, value: Uint8Array): this {
    this.parts.push({ code, value });
    return this;
  }

  /** With the end mark; none at all where there are no options. */
  get length(): number {
    if (this.parts.length === 0) return 0;
    return this.parts.reduce((sum, { value }) => sum + 4 + padded(value.length), 4);
  }

  write(view: DataView, into: Uint8Array, start: number): void {
    let at = start;
    for (const { code, value } of this.parts) {
      view.setUint16(at, code, true);
      view.setUint16(at + 2, value.length, true);
      into.set(value, at + 4);
      at += 4 + padded(value.length);
    }
  }
}

/** A block with room for `fixed` bytes and `options` behind them; `fill` writes the fixed part, from offset 8 on. */
function block(
  type: number,
  fixed: number,
  options: Options,
  fill: (view: DataView, bytes: Uint8Array) => void,
) {
  const length = 12 + fixed + options.length;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  view.setUint32(length - 4, length, true);
  fill(view, bytes);
  options.write(view, bytes, 8 + fixed);
  return bytes;
}

/** Section Header Block (draft-ietf-opsawg-pcapng §4.1), little-endian, of unknown length. */
export function sectionHeader(comment: string, application: string): Uint8Array {
  const options = new Options().text(COMMENT, comment).text(USER_APPLICATION, application);
  return block(SECTION, 16, options, (view) => {
    view.setUint32(8, BYTE_ORDER, true);
    view.setUint16(12, 1, true);
    view.setInt32(16, -1, true);
    view.setInt32(20, -1, true);
  });
}

/** Interface Description Block (§4.2). */
export function interfaceDescription(described: WrittenInterface): Uint8Array {
  const { linkNumber, snapLength, name, description, resolution, offset } = described;
  const options = new Options()
    .text(IF_NAME, name)
    .text(IF_DESCRIPTION, description)
    .bytes(IF_TSRESOL, Uint8Array.of(resolution));
  if (offset !== 0n) {
    const value = new Uint8Array(8);
    new DataView(value.buffer).setBigInt64(0, offset, true);
    options.bytes(IF_TSOFFSET, value);
  }
  return block(INTERFACE, 8, options, (view) => {
    view.setUint16(8, linkNumber, true);
    view.setUint32(12, snapLength, true);
  });
}

/** Enhanced Packet Block (§4.3). */
export function enhancedPacket(packet: WrittenPacket): Uint8Array {
  const { interfaceId, ticksHigh, ticksLow, wireLength, data, comments, flags } = packet;
  const options = new Options();
  for (const comment of comments) options.text(COMMENT, comment);
  if (flags !== null) {
    const value = new Uint8Array(4);
    new DataView(value.buffer).setUint32(0, flags, true);
    options.bytes(EPB_FLAGS, value);
  }
  return block(ENHANCED_PACKET, 20 + padded(data.length), options, (view, bytes) => {
    view.setUint32(8, interfaceId, true);
    view.setUint32(12, ticksHigh, true);
    view.setUint32(16, ticksLow, true);
    view.setUint32(20, data.length, true);
    view.setUint32(24, wireLength, true);
    bytes.set(data, 28);
  });
}
