import type { Tap } from '../kernel/tap.ts';

const BROADCAST = 'ffffffffffff';

/** Tells every host of a link who has an IPv4 address from now on: gratuitous ARP (RFC 5227 §3), as VRRP and keepalived send it. */
export function announce(tap: Tap, mac: string, address: string): void {
  const hardware = mac.replaceAll(':', '');
  const protocol = Buffer.from(address.split('.').map(Number)).toString('hex');
  const request = ['0001', '0800', '06', '04', '0001', hardware, protocol, '000000000000', protocol];
  const frame = Buffer.from([BROADCAST, hardware, '0806', ...request].join(''), 'hex');
  tap.send(Buffer.concat([frame, Buffer.alloc(60 - frame.length)])); // the shortest frame that Ethernet has
}
