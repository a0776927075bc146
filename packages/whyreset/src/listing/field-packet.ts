import { ipPacketIn } from './hex-dump.ts';
import {
  emptyPacket,
  emptyTcp,
  type ListedIcmp,
  type ListedOption,
  type ListedPacket,
  type ListedTcp,
} from './listed-packet.ts';
import { readTime, TIME } from './listed-time.ts';
import { optionsOfBytes } from './tcp-option-text.ts';

/** A field of a packet by Wireshark's name (`tcp.seq_raw`); undefined when the packet has none. */
export type FieldOf = (name: string) => string | undefined;

const wholeTime = new RegExp(`^(?:${TIME})$`);

function bytesOf(hex: string | undefined): number[] | null {
  const digits = hex?.replace(/[:\s]/g, '');
  if (digits === undefined || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) return null;
  const bytes: number[] = [];
  for (let i = 0; i < digits.length; i += 2) bytes.push(Number.parseInt(digits.slice(i, i + 2), 16));
  return bytes;
}

/** A number as Wireshark writes it, decimal or `0x…`; null when it is none, or more than `most`. */
function numberOf(text: string | undefined, most = 0xffff_ffff): number | null {
  if (text === undefined || !/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return null;
  const value = Number(text);
  return value <= most ? value : null;
}

const isSet = (text: string | undefined) => text === '1' || text === 'true' || text === 'True';

function optionsOf(of: FieldOf, headerLength: number | null): ListedOption[] | null {
  const bytes = bytesOf(of('tcp.options'));
  if (bytes !== null) return optionsOfBytes(bytes);
  return headerLength === 20 ? [] : null;
}

function tcpOf(of: FieldOf): ListedTcp | null {
  const flags = numberOf(of('tcp.flags'));
  if (flags === null) return null;
  const rawSeq = numberOf(of('tcp.seq_raw'));
  const tcp = emptyTcp(rawSeq === null ? 'wireshark' : 'raw');
  tcp.flags = flags & 0xff;
  tcp.seq = rawSeq ?? numberOf(of('tcp.seq'));
  tcp.ack = rawSeq === null ? numberOf(of('tcp.ack')) : numberOf(of('tcp.ack_raw'));
  const window = numberOf(of('tcp.window_size_value'), 0xffff);
  tcp.window = window ?? numberOf(of('tcp.window_size'));
  tcp.scaled = window === null;
  tcp.options = optionsOf(of, numberOf(of('tcp.hdr_len'), 60));
  const payload = bytesOf(of('tcp.payload'));
  tcp.length = numberOf(of('tcp.len'), 0xf_ffff) ?? payload?.length ?? null;
  tcp.payload = payload === null ? null : Uint8Array.from(payload);
  if (of('tcp.checksum.status') === '0' || of('tcp.checksum.status') === 'Bad')
    tcp.badChecksum = numberOf(of('tcp.checksum'), 0xffff);
  if (tcp.seq === null || tcp.length === null || ((flags & 0x10) !== 0 && tcp.ack === null)) return null;
  return tcp;
}

/** @param quoted the fields of the packet that an ICMP error quotes */
function icmpOf(of: FieldOf, quoted: FieldOf | null): ListedIcmp | null {
  const name = of('icmp.type') === undefined ? 'icmpv6' : 'icmp';
  const type = numberOf(of(`${name}.type`), 255);
  if (type === null) return null;
  const source = quoted?.('ip.src') ?? quoted?.('ipv6.src');
  const destination = quoted?.('ip.dst') ?? quoted?.('ipv6.dst');
  const sourcePort = quoted?.('tcp.srcport');
  const destinationPort = quoted?.('tcp.dstport');
  return {
    type,
    code: numberOf(of(`${name}.code`), 255) ?? 0,
    mtu: numberOf(of('icmp.mtu'), 0xffff) ?? numberOf(of('icmpv6.mtu')) ?? 0,
    port: null,
    quoted:
      source === undefined ||
      destination === undefined ||
      sourcePort === undefined ||
      destinationPort === undefined
        ? null
        : {
            source: { host: source, port: sourcePort },
            destination: { host: destination, port: destinationPort },
            seq: numberOf(quoted?.('tcp.seq_raw')),
          },
  };
}

/**
 * One packet from Wireshark's fields; null when a field that every TCP packet has is missing or damaged.
 *
 * @param quoted the fields of the packet that an ICMP error quotes; null when there is none
 */
export function readFieldPacket(
  line: number,
  of: FieldOf,
  quoted: FieldOf | null = null,
): ListedPacket | null {
  const source = of('ip.src') ?? of('ipv6.src') ?? '';
  const destination = of('ip.dst') ?? of('ipv6.dst') ?? '';
  const end = (host: string, port: string | undefined) => ({ host, port: port ?? null });
  const packet = emptyPacket(line, end(source, of('tcp.srcport')), end(destination, of('tcp.dstport')));
  packet.family = of('ipv6.src') === undefined ? 4 : 6;
  packet.number = numberOf(of('frame.number'));
  const time = of('frame.time_epoch') ?? of('frame.time') ?? of('frame.time_relative');
  const text = time?.replace(/^(\d{10}\.\d{9})\d*$/, '$1');
  packet.time = text !== undefined && wholeTime.test(text) ? readTime(text) : null;
  packet.frameLength = numberOf(of('frame.len'), 0xf_ffff);
  packet.ttl = numberOf(of('ip.ttl') ?? of('ipv6.hlim'), 255);
  packet.ipId = numberOf(of('ip.id'), 0xffff);
  const flags = of('ip.flags.df');
  packet.dontFragment = flags === undefined ? null : isSet(flags);
  packet.mac = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(of('eth.src') ?? '') ? of('eth.src')! : null;
  const frame = bytesOf(of('frame_raw'));
  packet.bytes = frame === null ? null : ipPacketIn(Uint8Array.from(frame));
  packet.icmp = icmpOf(of, quoted);
  if (packet.icmp !== null || (of('tcp.srcport') === undefined && of('tcp.flags') === undefined))
    return packet;
  packet.tcp = tcpOf(of);
  if (packet.tcp === null && packet.bytes === null) return null;
  return source === '' ||
    destination === '' ||
    packet.source.port === null ||
    packet.destination.port === null
    ? packet.bytes === null
      ? null
      : packet
    : packet;
}
