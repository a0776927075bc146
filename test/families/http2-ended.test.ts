import { describe, expect, it } from 'vitest';
import { diagnose, type Finding } from '../../packages/whyreset/src/index.ts';
import { timelineToPcap } from '../helpers/timeline.ts';

const OPENED = String.raw`server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x04\x01\x04\0\0\0\x01\x82\x86\x84\x41"
+0.041 < P. "\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\x05\0\0\0\x01\x88"
+0.061 > .`;
const goaway = (code: string) => `"\\0\\0\\x08\\x07\\0\\0\\0\\0\\0\\0\\0\\0\\x01\\0\\0\\0${code}"`;
const resetStream = (code: string) => `"\\0\\0\\x04\\x03\\0\\0\\0\\0\\x03\\0\\0\\0${code}"`;

function findingOf(...lines: string[]): Finding | undefined {
  return diagnose(timelineToPcap([OPENED, ...lines].join('\n'))).findings[0];
}

describe('an HTTP/2 frame that ended it is named with its code', () => {
  it.each<[string, string[]]>([
    [
      'GOAWAY ENHANCE_YOUR_CALM',
      [
        `+10.04 < P. ${goaway('\\x0b')}`,
        '+10.04 < F.',
        '+10.06 > .',
        '+10.07 > P. len 60',
        '+10.09 < R passive',
      ],
    ],
    ['GOAWAY INTERNAL_ERROR', [`+2.04 < P. ${goaway('\\x02')}`, '+2.04 < F.', '+2.06 > F.', '+2.08 < .']],
    ['GOAWAY PROTOCOL_ERROR', [`+2.04 > P. ${goaway('\\x01')}`, '+2.04 > F.', '+2.06 < R.']],
    [
      'RST_STREAM REFUSED_STREAM',
      ['+1.000 > P. len 40', `+1.020 < P. ${resetStream('\\x07')}`, '+1.021 > .'],
    ],
    [
      'RST_STREAM INTERNAL_ERROR',
      ['+1.000 > P. len 40', `+1.020 < P. ${resetStream('\\x02')}`, '+1.021 > .', '+9.000 < R.'],
    ],
  ])('%s', (frame, lines) => {
    const finding = findingOf(...lines);
    expect(finding?.family).toBe('http2-ended');
    expect(finding?.headline).toContain(frame);
  });

  it('a graceful GOAWAY with both FINs and a late RST is harmless', () => {
    const finding = findingOf(`+9.04 < P. ${goaway('\\0')}`, '+9.04 < F.', '+9.06 > F.', '+9.08 < R passive');
    expect(finding?.family).toBe('harmless');
  });
});
