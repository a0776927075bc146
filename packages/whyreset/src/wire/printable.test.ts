import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';

describe('printable', () => {
  it.each([
    ['\u001b[31mred\u0007', '\\x1b[31mred\\x07'],
    ['\u009b2J', '\\x9b2J'],
    ['a\r\n\tb', 'a\\r\\n\\tb'],
    ['user\u202egpj.exe', 'user\\u{202e}gpj.exe'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['lone\ud800', 'lone\\u{d800}'],
    ['line\u2028end', 'line\\u{2028}end'],
    ['Grüße, 世界 🙂', 'Grüße, 世界 🙂'],
  ])('makes %j harmless', (raw, safe) => {
    expect(printable(raw)).toBe(safe);
  });

  it('never lets a control, bidirectional or invisible character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
