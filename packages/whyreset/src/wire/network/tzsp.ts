import { be16 } from '../bytes.ts';
import { ethernet } from '../link/ethernet.ts';
import type { LinkLayer } from '../link/link-types.ts';
import { avs, prism, wifi } from '../link/wifi.ts';
import type { PacketDecoder } from '../packet-decoder.ts';

const PADDING = 0;
const END = 1;

/** Protocols that a header names (Wireshark, packet-tzsp.c). */
const FRAMES: Readonly<Record<number, LinkLayer>> = { 1: ethernet, 18: wifi, 119: prism, 127: avs };

/** TaZmen Sniffer Protocol, by which MikroTik routers and access points send what they sniff: version 1, tags, the frame. */
export function tzsp(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): boolean {
  if (end - start < 5 || bytes[start] !== 1) return false;
  const frame = FRAMES[be16(bytes, start + 2)];
  if (frame === undefined) return false;
  let at = start + 4;
  while (at < end && bytes[at] !== END) at += bytes[at] === PADDING ? 1 : 2 + (bytes[at + 1] ?? 0);
  if (at + 1 >= end || !decoder.descend()) return false;
  frame(decoder, bytes, at + 1, end, wireEnd);
  return true;
}
