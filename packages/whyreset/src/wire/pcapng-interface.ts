import { be16, be32, beWord, le16, le32, leWord } from './bytes.ts';
import { InterfaceClock } from './interface-clock.ts';
import { type LinkLayer, linkType, unreadable } from './link/link-types.ts';
import { printable } from './printable.ts';

/** Longest interface name kept; Linux allows 15 bytes, Windows device paths are longer. */
const MAX_NAME = 128;

/** What an Interface Description Block says. */
export interface PcapngInterface {
  linkNumber: number;
  /** LINKTYPE name, or its number when it is not read. */
  linkName: string;
  decode: LinkLayer;
  /** 0 when unlimited. */
  snapLength: number;
  /** Printable; empty when the block has no name. */
  name: string;
  clock: InterfaceClock;
}

/** Reads the body of an Interface Description Block, `bytes[at..end)`; options that make no sense are ignored. */
export function readInterface(bytes: Uint8Array, at: number, end: number, little: boolean): PcapngInterface {
  const u16 = little ? le16 : be16;
  const linkNumber = u16(bytes, at);
  const snapLength = (little ? le32 : be32)(bytes, at + 4);
  let name = '';
  let resolution = 6;
  let offset = 0n;
  for (let option = at + 8; end - option >= 4; ) {
    const code = u16(bytes, option);
    const length = u16(bytes, option + 2);
    const value = option + 4;
    if (code === 0 || value + length > end) break;
    if (code === 2) name = text(bytes, value, length);
    else if (code === 9 && length === 1) resolution = bytes[value]!;
    else if (code === 14 && length === 8) offset = signed64(bytes, value, little);
    option = value + ((length + 3) & ~3);
  }
  const type = linkType(linkNumber);
  return {
    linkNumber,
    linkName: type?.name ?? `LINKTYPE ${linkNumber}`,
    decode: type?.decode ?? unreadable(linkNumber),
    snapLength,
    name,
    clock: new InterfaceClock(resolution, offset),
  };
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return printable(new TextDecoder().decode(bytes.subarray(at, at + Math.min(length, MAX_NAME))));
}

function signed64(bytes: Uint8Array, at: number, little: boolean): bigint {
  const high = BigInt(little ? leWord(bytes, at + 4) : beWord(bytes, at));
  const low = BigInt(little ? le32(bytes, at) : be32(bytes, at + 4));
  return (high << 32n) | low;
}
