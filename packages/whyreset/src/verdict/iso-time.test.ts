import { describe, expect, it } from 'vitest';
import { isoTime } from './iso-time.ts';

describe('isoTime', () => {
  it('has as many digits as the capture', () => {
    expect(isoTime(1_700_000_000, 0.000_04)).toBe('2023-11-14T22:13:20.000040Z');
    expect(isoTime(1_700_000_000, 1.000_000_007)).toBe('2023-11-14T22:13:21.000000007Z');
  });
  it('goes back and forth between seconds', () => {
    const seconds = [0, 0.5, 1.5, 0.5, -0.25, 61, 0];
    const plain = (s: number) => new Date((1_700_000_000 + s) * 1000).toISOString().replace('Z', '000Z');
    expect(seconds.map((s) => isoTime(1_700_000_000, s))).toEqual(seconds.map(plain));
  });
  it('rounds up into the next second', () => {
    expect(isoTime(59, 0.999_999_999_9)).toBe('1970-01-01T00:01:00.000000Z');
  });
  it('stays a number where no date is', () => {
    expect(isoTime(1e13, 0.5)).toBe('10000000000000.500000');
  });
});
