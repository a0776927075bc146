import { describe, expect, it } from 'vitest';
import { frontEndNames, frontEnds } from '../front-ends.ts';
import { rhythmFor } from './interval.ts';

describe('rhythmFor', () => {
  it('stays under half of the shortest limit on the path', () => {
    const { intervalMs, limit, tooSlow } = rhythmFor(frontEnds(['aws-nlb', 'azure-lb', 'fly']), null);
    expect({ intervalMs, name: limit?.name, tooSlow }).toEqual({
      intervalMs: 27_000,
      name: 'fly',
      tooSlow: null,
    });
    for (const name of frontEndNames) {
      const rhythm = rhythmFor(frontEnds(name), null);
      expect(rhythm.intervalMs, name).toBeLessThan(rhythm.limit!.idleMs / 2);
      expect(rhythm.intervalMs, name).toBeLessThanOrEqual(60_000);
      expect(rhythm.tooSlow, name).toBeNull();
    }
  });

  it('assumes a common front end where nothing is said', () => {
    expect(rhythmFor([], null)).toEqual({ intervalMs: 27_000, limit: null, tooSlow: null });
  });

  it('keeps the interval of the caller, and says when it is too slow for the path', () => {
    expect(rhythmFor(frontEnds('azure-lb'), 30_000)).toMatchObject({ intervalMs: 30_000, tooSlow: null });
    expect(rhythmFor(frontEnds('azure-lb'), 200_000)).toMatchObject({
      intervalMs: 200_000,
      tooSlow: expect.stringMatching(/azure-lb.*4 min/),
    });
  });
});
