import { be16, be32, beWord, le16, leWord } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { llc } from './ethernet.ts';

/** An IEEE 802.11 frame: only unencrypted data frames carry something to read. */
export function wifi(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  wifiFrame(decoder, bytes, at, end, wireEnd, false);
}

/** A data frame of version 0 with a body: what an 802.11 frame that carries IP begins with. */
export function looksLikeData(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 24 && (bytes[at]! & 0x4f) === 0x08;
}

function wifiFrame(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
  padded: boolean,
): void {
  // Type 2 is data; subtypes with bit 0x40 carry no body.
  if (!looksLikeData(bytes, at, end)) {
    decoder.other('802.11', 0);
    return;
  }
  const control = bytes[at]!;
  const flags = bytes[at + 1]!;
  const toAndFromDs = flags & 3;
  const qos = (control & 0x80) !== 0;
  let header = toAndFromDs === 3 ? 30 : 24;
  const aggregated = qos && end - at > header && (bytes[at + header]! & 0x80) !== 0;
  if (qos) header += 2;
  // IEEE 802.11 §9.2.4.1.10: in a QoS data frame the Order bit announces an HT control field.
  if (qos && (flags & 0x80) !== 0) header += 4;
  if (padded) header = (header + 3) & ~3;
  if ((flags & 0x40) !== 0) {
    decoder.warn('encrypted-wifi', 'Encrypted 802.11 frames cannot be read.');
    return;
  }
  // Where the source address stands depends on the direction (§9.3.2.1, table of address fields).
  const source = toAndFromDs === 3 ? at + 24 : toAndFromDs === 2 ? at + 16 : at + 10;
  if (end - at < header) return;
  decoder.segment.macHigh = be16(bytes, source);
  decoder.segment.macLow = be32(bytes, source + 2);
  if (aggregated) aggregate(decoder, bytes, at + header, end, wireEnd);
  else llc(decoder, bytes, at + header, end, wireEnd);
}

/** A-MSDU: several frames in one, each with destination, source, length and padding to four bytes. */
function aggregate(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): void {
  let at = start;
  while (end - at >= 22) {
    const length = be16(bytes, at + 12);
    const body = at + 14;
    llc(decoder, bytes, body, Math.min(end, body + length), Math.min(wireEnd, body + length));
    at += (14 + length + 3) & ~3;
  }
}

/** Radiotap (radiotap.org): little-endian, its own length; one flag says that the 802.11 header is padded. */
export function radiotap(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 8) return;
  const length = le16(bytes, at + 2);
  if (length < 8 || length > end - at) return;
  const present = leWord(bytes, at + 4);
  let field = at + 8;
  for (let word = present; word < 0 && field + 4 <= at + length; field += 4) word = leWord(bytes, field);
  // Bit 0 is the 8-byte, 8-aligned TSFT; bit 1 the flags byte, in which 0x20 is the data pad.
  if ((present & 1) !== 0) field = at + ((field - at + 7) & ~7) + 8;
  const padded = (present & 2) !== 0 && field < at + length && (bytes[field]! & 0x20) !== 0;
  wifiFrame(decoder, bytes, at + length, end, wireEnd, padded);
}

/** The AVS header: magic, then its length, big-endian. */
export function avs(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 8) return;
  const length = beWord(bytes, at + 4);
  if (length >= 8 && length < end - at) wifiFrame(decoder, bytes, at + length, end, wireEnd, false);
}

/** The Prism header: code and length in the writer's byte order; some drivers put an AVS header there. */
export function prism(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 8) return;
  if ((beWord(bytes, at) & 0xfffff000) === (0x80211000 | 0)) {
    avs(decoder, bytes, at, end, wireEnd);
    return;
  }
  const little = leWord(bytes, at + 4);
  const length = little > 0 && little < end - at ? little : beWord(bytes, at + 4);
  if (length >= 8 && length < end - at) wifiFrame(decoder, bytes, at + length, end, wireEnd, false);
}
