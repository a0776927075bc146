import { ethernet, mpls } from '../link/ethernet.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { icmp4, icmp6 } from './icmp.ts';
import { ipv4 } from './ipv4.ts';
import { ipv6 } from './ipv6.ts';
import { tcp } from './tcp.ts';
import { gre, udpTunnel } from './tunnels.ts';

/** What an IP protocol number leads to (IANA protocol-numbers); protocols without TCP inside are passed over. */
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
      udpTunnel(decoder, bytes, at, end, wireEnd);
      return;
    case 1:
      icmp4(decoder, bytes, at, end);
      return;
    case 58:
      icmp6(decoder, bytes, at, end);
      return;
    case 4:
      if (decoder.descend()) ipv4(decoder, bytes, at, end, wireEnd);
      return;
    case 41:
      if (decoder.descend()) ipv6(decoder, bytes, at, end, wireEnd);
      return;
    case 47:
      gre(decoder, bytes, at, end, wireEnd);
      return;
    case 137:
      if (decoder.descend()) mpls(decoder, bytes, at, end, wireEnd);
      return;
    case 143:
      if (decoder.descend()) ethernet(decoder, bytes, at, end, wireEnd);
      return;
  }
}
