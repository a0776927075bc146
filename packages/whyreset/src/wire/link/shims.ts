import { be16 } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { ETHER_IPV4, ETHER_IPV6, ETHER_NSH, ETHER_TEB } from './ether-types.ts';
import { ethernet, etherType } from './ethernet.ts';
import type { LinkLayer } from './link-types.ts';

/*
 * What switches and service chains put between Ethernet and the packet.
 * All give false, with nothing read, when they cannot go on.
 */

type Shim = (...frame: Parameters<LinkLayer>) => boolean;

/** Shims of a fixed length; after it an Ethernet frame begins, or its last two bytes are the next EtherType. */
const FIXED = new Map<number, { skip: number; before: 'frame' | 'type' }>([
  // Cisco FabricPath: tag and TTL.
  [0x8903, { skip: 2, before: 'frame' }],
  // Cisco VN-Tag (802.1BR's predecessor).
  [0x8926, { skip: 6, before: 'type' }],
  // Cisco metadata with a security group tag: version, length, option, tag.
  [0x8909, { skip: 8, before: 'type' }],
  // HSR and PRP (IEC 62439-3): path and size, sequence number.
  [0x892f, { skip: 6, before: 'type' }],
  // 802.1ah service instance tag.
  [0x88e7, { skip: 4, before: 'frame' }],
]);

const MACSEC = 0x88e5;
/** Next protocols of a Network Service Header. */
const NSH_TYPES: Readonly<Record<number, number>> = { 1: ETHER_IPV4, 2: ETHER_IPV6, 3: ETHER_TEB, 5: 0x8847 };

/** What follows the EtherType of a shim; false when it is none, or cannot be read. */
export function shim(
  decoder: PacketDecoder,
  type: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): boolean {
  if (type === ETHER_NSH) return serviceHeader(decoder, bytes, at, end, wireEnd);
  if (type === MACSEC) return macsec(decoder, bytes, at, end, wireEnd);
  const fixed = FIXED.get(type);
  if (fixed === undefined) return false;
  const inner = at + fixed.skip;
  if (end <= inner || !decoder.descend()) return false;
  if (fixed.before === 'frame') ethernet(decoder, bytes, inner, end, wireEnd);
  else etherType(decoder, be16(bytes, inner - 2), bytes, inner, end, wireEnd);
  return true;
}

/** Network Service Header (RFC 8300 §2.2): its length in words, and what comes next. */
const serviceHeader: Shim = (decoder, bytes, at, end, wireEnd) => {
  const header = end - at >= 8 ? (be16(bytes, at) & 0x3f) * 4 : 0;
  const type = NSH_TYPES[bytes[at + 3] ?? 0];
  if (header < 8 || end - at <= header || type === undefined) return false;
  decoder.tunnelled(type, bytes, at + header, end, wireEnd);
  return true;
};

/** MACsec (IEEE 802.1AE §9.3): readable where it only protects the integrity. */
const macsec: Shim = (decoder, bytes, at, end, wireEnd) => {
  const control = bytes[at] ?? 0xff;
  const header = (control & 0x20) !== 0 ? 14 : 6;
  const changed = (control & 0x0c) !== 0;
  if (changed || end - at < header + 2 || !decoder.descend()) return false;
  etherType(decoder, be16(bytes, at + header), bytes, at + header + 2, end, wireEnd);
  return true;
};
