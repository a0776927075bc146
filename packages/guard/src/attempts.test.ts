import { describe, expect, it } from 'vitest';
import { Attempts, type FailureFacts } from './attempts.ts';
import { GuardCore } from './guard-core.ts';
import { NOTHING_KNOWN, NOTHING_WRITTEN } from './socket/watch.ts';

const attempts = () => {
  const core = new GuardCore({ kernel: 'none', maxAttempts: 2 });
  return new Attempts(core, core.origin('http://a'), 'PUT', false);
};
const base = { curable: true, replayable: true, headBytes: 100, responseStarted: false };
const RESET: FailureFacts = { ...NOTHING_KNOWN, ...base, end: 'rst' };
const REFUSED: FailureFacts = { ...NOTHING_WRITTEN, ...base, end: 'connect' };

describe('the explanation of a request over all its attempts', () => {
  it('does not call unexecuted what an earlier attempt may have executed', () => {
    const request = attempts();
    expect(request.failed(RESET)).toMatchObject({ retry: true });
    const last = request.failed(REFUSED);
    expect(last).toMatchObject({
      retry: false,
      details: {
        code: 'WHYRESET_MAY_HAVE_EXECUTED',
        delivered: 'unknown',
        grade: 'H2',
        stopped: 'attempts',
        cause: expect.stringMatching(/^an earlier attempt may have been executed/),
      },
    });
  });

  it('calls unexecuted what no attempt can have executed', () => {
    const request = attempts();
    request.failed(REFUSED);
    expect(request.failed(REFUSED)).toMatchObject({
      details: { code: 'WHYRESET_NOT_EXECUTED', delivered: 'no' },
    });
  });
});

describe('a deadline', () => {
  it('is explained, between two attempts by what is known of the earlier ones', () => {
    const waiting = attempts();
    waiting.failed(RESET);
    expect(waiting.expired(null)).toMatchObject({
      code: 'WHYRESET_DEADLINE',
      end: 'timeout',
      delivered: 'unknown',
      stopped: 'deadline',
    });
    expect(attempts().expired(null)).toMatchObject({ delivered: 'no', grade: 'P0' });
    expect(attempts().expired(RESET)).toMatchObject({ delivered: 'unknown', grade: 'N' });
  });
});
