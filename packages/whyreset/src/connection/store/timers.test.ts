import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Blocks } from './blocks.ts';
import { ATTEMPT, DELETE, EXPIRE, EXPIRE_2, IDLE_LIMIT, LAST_TIME, STRIDE } from './layout.ts';
import { Timers } from './timers.ts';

const NEVER = Number.POSITIVE_INFINITY;

function rowDue(rows: Blocks, at: number): number {
  const r = rows.take();
  for (const slot of [EXPIRE, EXPIRE_2, DELETE, ATTEMPT]) rows.d[(r + slot) >> 1] = NEVER;
  rows.d[(r + EXPIRE) >> 1] = at;
  rows.d[(r + LAST_TIME) >> 1] = 0;
  rows.v[r + IDLE_LIMIT] = 1_000_000;
  return r;
}

test('timers_come due in order, also after changes and removals', () => {
  const time = fc.double({ min: 0, max: 1000, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: time, later: fc.option(time), drop: fc.boolean() }), { maxLength: 200 }),
      (plan) => {
        const rows = new Blocks(STRIDE, 300);
        const timers = new Timers(rows);
        const expected: number[] = [];
        for (const { at, later, drop } of plan) {
          const r = rowDue(rows, at);
          timers.add(r);
          let due = at;
          if (later !== null) {
            rows.d[(r + EXPIRE) >> 1] = later;
            timers.earlier(r, later);
            due = later;
          }
          if (drop) timers.remove(r);
          else expected.push(due);
        }
        expected.sort((a, b) => a - b);
        const seen: number[] = [];
        for (let r = timers.pop(2000); r >= 0; r = timers.pop(2000)) {
          seen.push(timers.due(r));
          timers.remove(r);
        }
        expect(seen).toEqual(expected);
        expect(timers.next).toBe(NEVER);
      },
    ),
  );
});

test('timers_nothing before its time', () => {
  const rows = new Blocks(STRIDE, 4);
  const timers = new Timers(rows);
  const r = rowDue(rows, 5);
  timers.add(r);
  expect(timers.pop(4.999)).toBe(-1);
  expect(timers.pop(5)).toBe(r);
});
