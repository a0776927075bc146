/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian: each
 * function gives the bytes of one block, and a file is a section header, its
 * interfaces, then packets.
 */

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;

const OPT_COMMENT = 1;
const OPT_USER_APPLICATION = 4;
const IF_NAME = 2;
const IF_TIMESTAMP_RESOLUTION = 9;

export interface InterfaceToWrite {
  /** LINKTYPE number; 1 is Ethernet. */
  linkType: number;
  /** 0 is unlimited. */
  snapLength: number;
  name: string;
  /** Digits after the decimal point of a second: 6 or 9, as `if_tsresol`. */
  resolution: number;
}

export interface PacketToWrite {
  /** Index of its interface in the section. */
  interface: number;
  /** Units of the interface's resolution since 1970. */
  time: bigint;
  bytes: Uint8Array;
  /** Length on the wire; `bytes` may be less. */
  length: number;
  comments?: readonly string[];
}

const encoder = new TextEncoder();
const padded = (length: number) => (length + 3) & ~3;

type Option = readonly [code: number, value: Uint8Array];

/** Comments hold at most 65,535 bytes, as every option does; longer ones are cut at a character. */
function text(code: number, value: string): Option {
  let bytes = encoder.encode(value);
  if (bytes.length > 0xffff)
    bytes = encoder.encode(new TextDecoder().decode(bytes.subarray(0, 0xfffc)).replace(/\ufffd$/, ''));
  return [code, bytes];
}

function block(
  type: number,
  bodyLength: number,
  options: readonly Option[],
  fill: (view: DataView, bytes: Uint8Array) => void,
): Uint8Array {
  const optionsLength =
    options.length === 0 ? 0 : options.reduce((sum, [, value]) => sum + 4 + padded(value.length), 4);
  const total = 12 + padded(bodyLength) + optionsLength;
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, total, true);
  view.setUint32(total - 4, total, true);
  fill(view, bytes);
  let at = 8 + padded(bodyLength);
  for (const [code, value] of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  return bytes;
}

/** The block every section begins with. */
export function sectionHeader(application: string, comments: readonly string[] = []): Uint8Array {
  const options = [
    ...comments.map((comment) => text(OPT_COMMENT, comment)),
    text(OPT_USER_APPLICATION, application),
  ];
  return block(SECTION_HEADER, 16, options, (view) => {
    view.setUint32(8, BYTE_ORDER_MAGIC, true);
    view.setUint16(12, 1, true);
    view.setBigInt64(16, -1n, true); // the section's length is not said
  });
}

export function interfaceDescription({
  linkType,
  snapLength,
  name,
  resolution,
}: InterfaceToWrite): Uint8Array {
  const options: Option[] = [[IF_TIMESTAMP_RESOLUTION, Uint8Array.of(resolution)]];
  if (name !== '') options.unshift(text(IF_NAME, name));
  return block(INTERFACE_DESCRIPTION, 8, options, (view) => {
    view.setUint16(8, linkType, true);
    view.setUint32(12, snapLength, true);
  });
}

export function enhancedPacket({
  interface: index,
  time,
  bytes: packet,
  length,
  comments = [],
}: PacketToWrite): Uint8Array {
  const options = comments.map((comment) => text(OPT_COMMENT, comment));
  return block(ENHANCED_PACKET, 20 + packet.length, options, (view, bytes) => {
    view.setUint32(8, index, true);
    view.setUint32(12, Number((time >> 32n) & 0xffffffffn), true);
    view.setUint32(16, Number(time & 0xffffffffn), true);
    view.setUint32(20, packet.length, true);
    view.setUint32(24, length, true);
    bytes.set(packet, 28);
  });
}
