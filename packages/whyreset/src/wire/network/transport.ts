import { be16 } from '../bytes.ts';
import { ethernet, mpls } from '../link/ethernet.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { gre } from './gre.ts';
import { icmp4, icmp6 } from './icmp.ts';
import { ipv4 } from './ipv4.ts';
import { extensionLength, ipv6 } from './ipv6.ts';
import { tcp } from './tcp.ts';
import { udp } from './tunnels.ts';

/** What an IP protocol number leads to (IANA protocol-numbers); protocols without TCP inside are counted. */
export function transport(
  decoder: PacketDecoder,
  protocol: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  switch (protocol) {
    case 6:
      tcp(decoder, bytes, at, end, wireEnd);
      return;
    case 17:
      udp(decoder, bytes, at, end, wireEnd);
      return;
    case 1:
      if (!icmp4(decoder, bytes, at, end)) decoder.other('IP protocol', protocol);
      return;
    case 58:
      if (!icmp6(decoder, bytes, at, end)) decoder.other('IP protocol', protocol);
      return;
    // 94 is what KA9Q used for the same before RFC 2003.
    case 4:
    case 94:
      if (decoder.descend()) ipv4(decoder, bytes, at, end, wireEnd);
      return;
    case 41:
      if (decoder.descend()) ipv6(decoder, bytes, at, end, wireEnd);
      return;
    case 47:
      gre(decoder, bytes, at, end, wireEnd);
      return;
    case 51: {
      // Authentication alone (RFC 4302) hides nothing. IPv6 comes here without it: there it is an extension header.
      const header = end - at >= 8 ? extensionLength(51, bytes[at + 1]!) : end - at;
      if (end - at > header && bytes[at] !== 51)
        transport(decoder, bytes[at]!, bytes, at + header, end, wireEnd);
      else decoder.other('IP protocol', protocol);
      return;
    }
    case 97:
      // EtherIP (RFC 3378): version 3 and twelve zero bits.
      if (end - at >= 2 && be16(bytes, at) === 0x3000 && decoder.descend())
        ethernet(decoder, bytes, at + 2, end, wireEnd);
      else decoder.other('IP protocol', protocol);
      return;
    case 137:
      if (decoder.descend()) mpls(decoder, bytes, at, end, wireEnd);
      return;
    case 143:
      if (decoder.descend()) ethernet(decoder, bytes, at, end, wireEnd);
      return;
    default:
      decoder.other('IP protocol', protocol);
  }
}
