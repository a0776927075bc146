import fc from 'fast-check';

/** What captured bytes may hold to harm whoever shows them. */
export const SAMPLES = [
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m red',
  '\u202edcba\u2066 backwards',
  '<img src=x onerror=alert(1)> & <!-- --> | a | b |',
  '```\n# heading\n- [x](javascript:alert(1)) @torvalds #1 https://evil.example www.evil.example',
  'e\u0301\u0301\u0301\u0301 combining',
  '漢字仮名交じり文は幅が二倍で空白がないので折り返しにくい文字列になります'.repeat(3),
  'x'.repeat(300),
  '\u{1f469}\u200d\u{1f469}\u200d\u{1f467} \u{1f1e9}\u{1f1ea} \u200b\u00ad\ufeff',
  '\ud800 lone',
  '\u2028\u2029\r\n\t',
  '각가\u1100\u1161',
  '',
] as const;

/** Strings of such pieces. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...SAMPLES), fc.string({ unit: 'binary', maxLength: 40 })), {
    maxLength: 4,
  })
  .map((parts) => parts.join(' '));
