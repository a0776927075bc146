import { describe, expect, it } from 'vitest';
import { type Behind, frontEndNames, frontEnds } from './front-ends.ts';

describe('frontEnds', () => {
  it('finds a row with a limit and a source for every name', () => {
    for (const name of frontEndNames) {
      const [box] = frontEnds(name);
      expect(box!.idleMs, name).toBeGreaterThan(0);
      expect(box!.timeout!.source, name).not.toBe('');
    }
  });

  it('takes the limit that somebody configured, on a known box or an unknown one', () => {
    expect(
      frontEnds([
        { frontEnd: 'aws-alb', idle: '300s' },
        { kind: 'flow', idle: 90_000 },
      ]),
    ).toEqual([
      { name: 'aws-alb', kind: 'pool', idleMs: 300_000, timeout: null },
      { name: 'a flow of 90000', kind: 'flow', idleMs: 90_000, timeout: null },
    ]);
  });

  it.each(['aws-elb', 'toString', '__proto__'])('refuses the name %s, and says which it knows', (name) => {
    expect(() => frontEnds(name as Behind)).toThrow(/aws-alb, .*nginx/);
  });
});
