import { describe, expect, it } from 'vitest';
import { describeDuration, milliseconds } from './duration.ts';

describe('milliseconds', () => {
  it('takes a number for milliseconds, and a unit for what it says', () => {
    expect([250, '250ms', '25s', ' 1.5 m ', '1h', 0].map((value) => milliseconds(value, 'x'))).toEqual([
      250, 250, 25_000, 90_000, 3_600_000, 0,
    ]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '25', 's', '-1s', '1e3s', ''])(
    'refuses %s and names the option',
    (value) => {
      expect(() => milliseconds(value, 'drain.grace')).toThrow(/^drain\.grace is .*'25s'/);
    },
  );
});

it('describes durations as people write them', () => {
  expect([5, 1000, 1540, 90_000, 150_000].map(describeDuration)).toEqual([
    '5 ms',
    '1 s',
    '1.5 s',
    '90 s',
    '2.5 min',
  ]);
});
