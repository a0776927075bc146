import { be16, be32, beWord } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import type { IcmpQuote } from '../segment.ts';
import { extensionLength, isExtension } from './ipv6.ts';

/**
 * ICMPv4 errors (RFC 792): unreachable, quench, redirect, time exceeded, parameter problem.
 *
 * @returns whether it is one that quotes a TCP packet
 */
export function icmp4(decoder: PacketDecoder, bytes: Uint8Array, at: number, end: number): boolean {
  const quoted = at + 8;
  if (decoder.sink.icmp === undefined || end - quoted < 20) return false;
  const type = bytes[at]!;
  if (type !== 3 && type !== 4 && type !== 5 && type !== 11 && type !== 12) return false;
  const header = (bytes[quoted]! & 15) << 2;
  const tcpAt = quoted + header;
  // RFC 792 quotes at least eight bytes of the transport header: ports and sequence number.
  if (bytes[quoted]! >> 4 !== 4 || header < 20 || bytes[quoted + 9] !== 6 || end - tcpAt < 8) return false;
  if ((be16(bytes, quoted + 6) & 0x1fff) !== 0) return false;
  const quote = decoder.quote;
  quote.family = 4;
  quote.source.fill(0);
  quote.destination.fill(0);
  quote.source[0] = beWord(bytes, quoted + 12);
  quote.destination[0] = beWord(bytes, quoted + 16);
  const code = bytes[at + 1]!;
  finish(decoder, quote, type, code, type === 3 && code === 4 ? be16(bytes, at + 6) : 0, bytes, tcpAt);
  return true;
}

/**
 * ICMPv6 errors (RFC 4443): unreachable, packet too big, time exceeded, parameter problem.
 *
 * @returns whether it is one that quotes a TCP packet
 */
export function icmp6(decoder: PacketDecoder, bytes: Uint8Array, at: number, end: number): boolean {
  const quoted = at + 8;
  if (decoder.sink.icmp === undefined || end - quoted < 40) return false;
  const type = bytes[at]!;
  if (type < 1 || type > 4 || bytes[quoted]! >> 4 !== 6) return false;
  let next = bytes[quoted + 6]!;
  let tcpAt = quoted + 40;
  while (isExtension(next)) {
    if (end - tcpAt < 8) return false;
    if (next === 44 && (be16(bytes, tcpAt + 2) & 0xfff8) !== 0) return false;
    const length = extensionLength(next, bytes[tcpAt + 1]!);
    next = bytes[tcpAt]!;
    tcpAt += length;
  }
  if (next !== 6 || end - tcpAt < 8) return false;
  const quote = decoder.quote;
  quote.family = 6;
  for (let i = 0; i < 4; i++) {
    quote.source[i] = beWord(bytes, quoted + 8 + 4 * i);
    quote.destination[i] = beWord(bytes, quoted + 24 + 4 * i);
  }
  finish(decoder, quote, type, bytes[at + 1]!, type === 2 ? be32(bytes, at + 4) : 0, bytes, tcpAt);
  return true;
}

function finish(
  decoder: PacketDecoder,
  quote: IcmpQuote,
  type: number,
  code: number,
  mtu: number,
  bytes: Uint8Array,
  tcpAt: number,
): void {
  const segment = decoder.segment;
  quote.number = segment.number;
  quote.time = segment.time;
  quote.reporter.set(segment.source);
  quote.type = type;
  quote.code = code;
  quote.mtu = mtu;
  quote.sourcePort = be16(bytes, tcpAt);
  quote.destinationPort = be16(bytes, tcpAt + 2);
  quote.seq = be32(bytes, tcpAt + 4);
  decoder.sink.icmp!(quote);
}
