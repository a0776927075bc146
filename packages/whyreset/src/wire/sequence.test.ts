import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seqAdvance, seqAfter, seqBefore, seqDifference, seqInWindow, seqLater } from './sequence.ts';

/** Numbers that crowd around the wrap as well as anywhere. */
const sequence = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.integer({ min: 0xffffff00, max: 0xffffffff }),
  fc.integer({ min: 0, max: 0xff }),
);
const distance = fc.oneof(
  fc.integer({ min: -0x7fffffff, max: 0x7fffffff }),
  fc.integer({ min: -300, max: 300 }),
);

describe('sequence arithmetic', () => {
  it('measures the distance it advanced, also over the wrap', () => {
    fc.assert(
      fc.property(sequence, distance, (a, d) => {
        const b = seqAdvance(a, d);
        expect(b).toBeGreaterThanOrEqual(0);
        expect(b).toBeLessThanOrEqual(0xffffffff);
        expect(seqDifference(b, a)).toBe(d);
      }),
    );
  });

  it('orders two numbers by their distance', () => {
    fc.assert(
      fc.property(sequence, distance, (a, d) => {
        const b = seqAdvance(a, d);
        expect(seqAfter(b, a)).toBe(d > 0);
        expect(seqBefore(b, a)).toBe(d < 0);
        expect(seqLater(a, b)).toBe(d > 0 ? b : a);
      }),
    );
  });

  it('knows what lies in a window that crosses the wrap', () => {
    expect(seqInWindow(0xfffffff0, 0xfffffff0, 32)).toBe(true);
    expect(seqInWindow(0x0f, 0xfffffff0, 32)).toBe(true);
    expect(seqInWindow(0x10, 0xfffffff0, 32)).toBe(false);
    expect(seqInWindow(0xffffffef, 0xfffffff0, 32)).toBe(false);
  });
});
