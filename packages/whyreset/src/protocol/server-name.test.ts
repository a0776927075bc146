import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameIn } from './server-name.ts';

const text = (s: string) => Uint8Array.from(s, (c) => c.charCodeAt(0));

/** A ClientHello with one cipher suite, an odd extension and SNI (RFC 8446 §4.1.2, RFC 6066 §3). */
function clientHello(name: string): Uint8Array {
  const sni = [0, 0, 0, name.length + 5, 0, name.length + 3, 0, 0, name.length, ...text(name)];
  const grease = [0x0a, 0x0a, 0, 1, 0];
  const extensions = [...grease, ...sni];
  const body = [
    3,
    3,
    ...new Array(32).fill(7),
    2,
    9,
    9,
    0,
    2,
    0x13,
    1,
    1,
    0,
    0,
    extensions.length,
    ...extensions,
  ];
  return Uint8Array.from([0x16, 3, 1, 0, body.length + 4, 1, 0, 0, body.length, ...body]);
}

describe('the name in a first request', () => {
  it('is the SNI of a ClientHello', () => {
    expect(nameIn(clientHello('Blocked.Example'))).toEqual({ name: 'blocked.example', by: 'SNI' });
  });

  it('is the Host header, whatever its case and port', () => {
    expect(nameIn(text('GET / HTTP/1.1\r\nhOST:  a.example:8080\r\n\r\n'))).toEqual({
      name: 'a.example',
      by: 'Host',
    });
  });

  it('is not read from what was cut, or is no name', () => {
    expect(nameIn(clientHello('blocked.example').subarray(0, 70))).toBeNull();
    expect(nameIn(text('GET / HTTP/1.1\r\nHost: a.exam'))).toBeNull();
    expect(nameIn(text('GET / HTTP/1.1\r\nHost: \x1b[31m\r\n\r\n'))).toBeNull();
    expect(nameIn(text('GET / HTTP/1.1\r\n\r\n'))).toBeNull();
    expect(nameIn(new Uint8Array(0))).toBeNull();
  });

  it('never fails, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 192 }), fc.boolean(), (bytes, tls) => {
        if (tls && bytes.length > 6) bytes.set([0x16, 3, 1, 0, 200, 1]);
        const found = nameIn(bytes);
        if (found !== null) expect(found.name).toMatch(/^[a-z0-9.-]+$/);
      }),
    );
  });
});
