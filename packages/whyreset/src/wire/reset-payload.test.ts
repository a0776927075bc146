import { describe, expect, it } from 'vitest';
import { resetPayload } from './reset-payload.ts';
import { concat, u16, u32 } from './testing/packets.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => resetPayload(bytes, 0, bytes.length);

describe('the payload of a RST', () => {
  it('is null when there is none', () => {
    expect(decode(new Uint8Array(0))).toBeNull();
  });

  it('is read in the draft’s compact form', () => {
    expect(decode(concat(u16(0x33aa), u16(10), u32(0)))).toEqual({
      kind: 'diagnostic',
      code: 10,
      meaning: 'a resource limit was exceeded',
      enterprise: 0,
    });
    // A vendor's own code has no meaning that could be known here.
    expect(decode(concat(u16(0x33aa), u16(10), u32(32_473)))).toMatchObject({
      meaning: null,
      enterprise: 32_473,
    });
    expect(decode(concat(u16(0x33aa), u16(999), u32(0)))).toMatchObject({ code: 999, meaning: null });
  });

  it('is read in the draft’s text form, and as plain text', () => {
    expect(decode(concat(u16(0xf317), utf8('idle too long')))).toEqual({
      kind: 'diagnostic-text',
      text: 'idle too long',
    });
    expect(decode(utf8('policy denied\0'))).toEqual({ kind: 'text', text: 'policy denied' });
  });

  it('neutralises what a terminal would obey', () => {
    expect(decode(utf8('\u001b]0;x\u202ey'))).toEqual({ kind: 'text', text: '\\x1b]0;x\\u{202e}y' });
  });

  it('concludes nothing from bytes that are no text', () => {
    expect(decode(Uint8Array.of(1, 2, 3, 0xff))).toEqual({ kind: 'opaque', length: 4 });
    expect(decode(Uint8Array.of(0, 0, 0, 0, 0, 0))).toEqual({ kind: 'opaque', length: 6 });
  });

  it('survives a character that the 255-byte limit cuts in two', () => {
    const answer = decode(utf8(`${'a'.repeat(254)}ü and more`));
    expect(answer).toEqual({ kind: 'text', text: 'a'.repeat(254) });
  });
});
