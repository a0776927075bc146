import { be16, be32, beWord, le16, leWord } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { etherType } from './ethernet.ts';
import { type LinkLayer, linkType } from './link-types.ts';

/** Linux cooked capture v1, `tcpdump -i any` until libpcap 1.9: type, ARPHRD, address length, address, protocol. */
export function linuxCooked(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 16) return;
  decoder.segment.linkDirection = be16(bytes, at);
  cookedAddress(decoder, bytes, be16(bytes, at + 4), at + 6);
  etherType(decoder, be16(bytes, at + 14), bytes, at + 16, end, wireEnd);
}

/** Linux cooked capture v2: protocol first, and the interface index. */
export function linuxCooked2(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 20) return;
  decoder.segment.captureInterface = be32(bytes, at + 4);
  decoder.segment.linkDirection = bytes[at + 10]!;
  cookedAddress(decoder, bytes, bytes[at + 11]!, at + 12);
  etherType(decoder, be16(bytes, at), bytes, at + 20, end, wireEnd);
}

function cookedAddress(decoder: PacketDecoder, bytes: Uint8Array, length: number, at: number): void {
  const known = length === 6;
  decoder.segment.macHigh = known ? be16(bytes, at) : -1;
  decoder.segment.macLow = known ? be32(bytes, at + 2) : -1;
}

/** BSD loopback: the address family in the writer's byte order (NULL) or the network's (LOOP). */
export function loopback(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 5) return;
  const little = leWord(bytes, at);
  const big = beWord(bytes, at);
  // AF_INET is 2 everywhere; AF_INET6 is 10 (Linux), 23 (Windows), 24, 28 or 30 (the BSDs, macOS).
  if (isInternet(little) || isInternet(big)) decoder.ip(bytes, at + 4, end, wireEnd);
  else decoder.warn('unknown-protocol', 'A BSD loopback frame holds neither IPv4 nor IPv6.');
}

function isInternet(family: number): boolean {
  return family === 2 || family === 10 || family === 23 || family === 24 || family === 28 || family === 30;
}

/** Raw IP: no link layer at all. */
export function rawIp(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  decoder.ip(bytes, at, end, wireEnd);
}

/** Linux netfilter log (`tcpdump -i nflog`): attributes in host order, of which number 9 is the packet. */
export function nflog(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): void {
  let at = start + 4;
  while (end - at >= 4) {
    const length = le16(bytes, at);
    if (length < 4) return;
    if (le16(bytes, at + 2) === 9) {
      decoder.ip(bytes, at + 4, Math.min(end, at + length), Math.min(wireEnd, at + length));
      return;
    }
    at += (length + 3) & ~3;
  }
}

/** Apple's PKTAP: a header that names the link type of what follows. */
export function pktap(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 12) return;
  const length = leWord(bytes, at);
  const inner: LinkLayer | undefined = linkType(leWord(bytes, at + 8))?.decode;
  if (inner === undefined || inner === pktap || length < 12 || length > end - at) return;
  inner(decoder, bytes, at + length, end, wireEnd);
}
