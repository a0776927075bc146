import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget } from './budget.ts';

const options = { perRequest: 0.2, floorPerSecond: 10, ttlMs: 10_000 };

describe('a retry budget', () => {
  it('grants the floor without any request, and it comes back with time', () => {
    const budget = new Budget(options);
    let granted = 0;
    while (budget.withdraw(0)) granted++;
    expect(granted).toBe(100);
    expect(budget.withdraw(8999)).toBe(false);
    expect(budget.balance(10_000)).toBe(100);
  });

  it('grants a fifth of many requests and no more', () => {
    const budget = new Budget(options);
    for (let request = 0; request < 1000; request++) budget.request(request);
    expect(budget.balance(1000)).toBe(200);
  });

  it('keeps retries within a fifth of the requests, or the floor, in every window', () => {
    const step = fc.record({ after: fc.nat(700), requests: fc.nat(30), retries: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const budget = new Budget(options);
        let now = 0;
        const asked: number[] = [];
        const granted: number[] = [];
        for (const { after, requests, retries } of steps) {
          now += after;
          for (let request = 0; request < requests; request++) {
            budget.request(now);
            asked.push(now);
          }
          for (let retry = 0; retry < retries; retry++) if (budget.withdraw(now)) granted.push(now);
          const within = (times: number[], ms: number) => times.filter((time) => now - time < ms).length;
          // Time is kept in tenths of the window: one of them may be missing.
          expect(within(granted, 9000)).toBeLessThanOrEqual(Math.max(100, 0.2 * within(asked, 10_000)) + 100);
        }
      }),
    );
  });

  it('is not refilled by a clock that goes back', () => {
    const budget = new Budget(options);
    while (budget.withdraw(50_000));
    expect(budget.withdraw(0)).toBe(false);
  });
});
