import { expect, it } from 'vitest';
import { GuardedAgent, guard, isExplained } from './index.ts';
import { serve } from './server/index.ts';

it.each<[string, () => unknown, string]>([
  ['one letter less', () => guard({ maxAttempt: 3 } as object), 'maxAttempts'],
  ['no unit', () => guard({ deadline: 1000 } as object), 'deadlineMs'],
  ['another case', () => new GuardedAgent({ maxattempts: 1 } as object), 'maxAttempts'],
  ['within budget', () => guard({ budget: { perRequests: 1 } as object }), 'perRequest'],
  ['of a server', () => serve({} as never, { readyness: '/readyz' } as object), 'readiness'],
  ['of its drain', () => serve({} as never, { drain: { graces: 1 } as object }), 'grace'],
])('an option misspelt by %s is refused with what was meant', (_how, act, meant) => {
  expect(act).toThrow(expect.objectContaining({ code: 'WHYRESET_BAD_OPTION' }));
  expect(act).toThrow(new RegExp(`did you mean ${meant}\\?`));
});

it('takes the options of http.Agent beside its own', () => {
  const agent = new GuardedAgent({
    maxSockets: 1,
    maxFreeSockets: 1,
    timeout: 5,
    scheduling: 'fifo',
    host: 'a',
    port: 1,
  } as object);
  expect(agent.maxSockets).toBe(1);
  agent.destroy();
});

it('tells an error that is explained from another', () => {
  expect(isExplained(new Error('x'))).toBe(false);
  expect(isExplained(null)).toBe(false);
  const error: unknown = Object.assign(new Error('x'), { whyreset: { code: 'WHYRESET_NOT_EXECUTED' } });
  expect(isExplained(error) && error.whyreset.code).toBe('WHYRESET_NOT_EXECUTED');
});
