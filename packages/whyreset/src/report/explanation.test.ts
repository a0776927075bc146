import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { kernelReasonMeans } from '../host/kernel-reasons.ts';
import { printable } from '../wire/printable.ts';
import { wrapCommand } from './document.ts';
import { type ExplanationOptions, renderCause } from './explanation.ts';
import { aCause, anErrorText } from './testing/explanations.ts';
import { hostileText } from './testing/hostile.ts';
import { renderErrorText } from './text-explanation.ts';

const text: ExplanationOptions = { format: 'text', width: 80, colour: false };

describe('explanations', () => {
  it('gives the data as JSON', () => {
    const json = { ...text, format: 'json' as const };
    expect(JSON.parse(renderCause(aCause, json))).toEqual(aCause);
    expect(JSON.parse(renderErrorText(anErrorText, json))).toEqual(anErrorText);
  });
  it('keeps to its width with any text', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 60, max: 160 }), (hostile, width) => {
        const said = { ...anErrorText, recognised: hostile, meaning: hostile, caveats: [hostile], next: [] };
        for (const line of renderErrorText(said, { ...text, width }).split('\n')) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
          expect(printable(line)).toBe(line);
        }
      }),
      { numRuns: 100 },
    );
  });
});

it('a broken command means the same to a shell', () => {
  const lines = wrapCommand("tcpdump -i any -w a.pcap 'host 10.0.0.7 and tcp port 80' --more words", 24);
  expect(lines).toEqual([
    'tcpdump -i any -w \\',
    "  a.pcap 'host",
    '  10.0.0.7 and tcp',
    "  port 80' --more \\",
    '  words',
  ]);
});

it('knows kernel reasons with and without their prefix', () => {
  expect(kernelReasonMeans('SK_RST_REASON_NO_SOCKET')).toContain('nothing listens');
  expect(kernelReasonMeans('NO_SOCKET')).toBe(kernelReasonMeans('SK_RST_REASON_NO_SOCKET'));
  expect(kernelReasonMeans('SK_RST_REASON_OF_TOMORROW')).toBeNull();
});
