import { describe, expect, it } from 'vitest';
import { endpointName, formatIPv6, formatMac } from './address.ts';
import { addressBytes } from './testing/packets.ts';

const words = (text: string) => {
  const view = new DataView(addressBytes(text).buffer);
  return [0, 4, 8, 12].map((at) => (at < view.byteLength ? view.getUint32(at) : 0));
};

describe('addresses as text', () => {
  it.each([
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['fe80:0:0:0:0:0:0:0', 'fe80::'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['0:0:0:0:0:ffff:c000:201', '::ffff:192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:ABCD', '2001:db8::abcd'],
  ])('writes %s as %s (RFC 5952 §4)', (long, short) => {
    expect(formatIPv6(words(long))).toBe(short);
  });

  it('joins address and port', () => {
    expect(endpointName(words('255.0.10.1'), 4, 443)).toBe('255.0.10.1:443');
    expect(endpointName(words('::1'), 6, 65_535)).toBe('[::1]:65535');
  });

  it('writes link-layer addresses, or null where there is none', () => {
    expect(formatMac(0x000a, 0x0b0c0d0e)).toBe('00:0a:0b:0c:0d:0e');
    expect(formatMac(0xffff, 0xffffffff)).toBe('ff:ff:ff:ff:ff:ff');
    expect(formatMac(-1, -1)).toBeNull();
  });
});
