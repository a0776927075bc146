import type { IcmpError } from '../../connection/connection.ts';

/** Errors of ICMP (RFC 792, RFC 1812 §5.2.7) by type and code. */
const V4: Readonly<Record<string, string>> = {
  '3/0': 'network unreachable',
  '3/1': 'host unreachable',
  '3/2': 'protocol unreachable',
  '3/3': 'port unreachable',
  '3/4': 'fragmentation needed',
  '3/6': 'network unknown',
  '3/7': 'host unknown',
  '3/9': 'network administratively prohibited',
  '3/10': 'host administratively prohibited',
  '3/13': 'communication administratively prohibited',
  '11/0': 'time to live exceeded',
};

/** Errors of ICMPv6 (RFC 4443 §3). */
const V6: Readonly<Record<string, string>> = {
  '1/0': 'no route to destination',
  '1/1': 'administratively prohibited',
  '1/3': 'address unreachable',
  '1/4': 'port unreachable',
  '1/5': 'source address failed policy',
  '1/6': 'route rejected',
  '2/0': 'packet too big',
  '3/0': 'hop limit exceeded',
};

/** The error in words; its numbers where it has no name. */
export function icmpMeaning({ type, code, reporter }: IcmpError): string {
  const names = reporter.includes(':') ? V6 : V4;
  return names[`${type}/${code}`] ?? `ICMP ${type}/${code}`;
}

/** The sender forbids the packet, as a filter that rejects does: not a route that is missing. */
export function isRejection({ type, code, reporter }: IcmpError): boolean {
  if (reporter.includes(':')) return type === 1 && (code === 1 || code === 4 || code === 5 || code === 6);
  return type === 3 && (code === 2 || code === 3 || code === 9 || code === 10 || code === 13);
}
