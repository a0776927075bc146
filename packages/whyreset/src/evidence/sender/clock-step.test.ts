import { describe, expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import { clockStep } from './clock-step.ts';

/** The client sends every 0.5 s; from the third packet on the capture shows `step` more than passed. */
function stepped(step: number, ticks = 1000) {
  const builder = build();
  for (let i = 0; i < 6; i++) {
    const sent = 0.5 * i;
    builder.client(sent + (i >= 3 ? step : 0), 'P.', { data: 10, ts: 7000 + Math.round(sent * ticks) });
  }
  const { timeline } = builder.connection();
  return clockStep(timeline, 'originator', timeline.length - 1);
}

describe('the capture clock', () => {
  test.each([0, 0.3, -0.3])('was set by %d s', (step) => {
    expect(stepped(step)).toBeCloseTo(step, 2);
  });

  test.each([10, 100, 250, 1e6])('is held against a clock of %i ticks a second', (ticks) => {
    expect(Math.abs(stepped(0, ticks))).toBeLessThan(0.11);
  });

  test('was set back when times run backwards', () => {
    expect(stepped(-0.8)).toBeLessThan(-0.2);
  });

  test('cannot be held against a clock of no usual rate', () => {
    expect(stepped(0, 600)).toBeNaN();
  });
});
