import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecisionPolicy, decide, type FailedAttempt, type Grade } from './decide.ts';
import { isIdempotent } from './methods.ts';

const policy: DecisionPolicy = { baseDelayMs: 100, maxDelayMs: 20_000, statuses: [429, 503] };

/** A POST of 59 bytes on a connection that had been idle, as in the measured matrix. */
const post: FailedAttempt = {
  method: 'POST',
  keyed: false,
  replayable: true,
  attempt: 1,
  end: 'fin',
  curable: true,
  reused: true,
  idleMs: 300,
  learnedIdleMs: null,
  writtenBytes: 59,
  acceptedBytes: 59,
  ackedBytes: 0,
  headBytes: 54,
  responseStarted: false,
  sinceWriteMs: 1,
  rttMs: 0.05,
  closeNotify: false,
  signal: null,
  status: null,
  retryAfterMs: null,
  peerAfterClose: 'reset',
  peerMayProcessAfterHalfClose: false,
};
const answer = (changes: Partial<FailedAttempt>, random = 0.5) =>
  decide({ ...post, ...changes }, policy, random);

describe('the measured matrix of closes and resets, one POST each', () => {
  it.each<[string, boolean, Partial<FailedAttempt>, Grade]>([
    ['server full close, then POST (the race)', false, {}, 'P1'],
    ['FIN long before, the client did not look', false, { idleMs: 5000 }, 'P1'],
    ['state vanished silently', false, { end: 'rst' }, 'H2'],
    ['state vanished silently at the known limit', false, { end: 'rst', learnedIdleMs: 310 }, 'H1'],
    ['server closes with the request unread', false, { end: 'rst' }, 'H2'],
    ['linger-0 abort, request unread', false, { end: 'rst' }, 'H2'],
    ['read and executed, aborts within delayed-ACK time', true, { end: 'rst' }, 'H2'],
    ['read and executed at the known limit, aborts', true, { end: 'rst', learnedIdleMs: 300 }, 'H1'],
    ['head read and executed, closes with the body unread', true, { end: 'rst' }, 'H2'],
    ['executed, aborts after 100 ms', true, { end: 'rst', ackedBytes: 59 }, 'N'],
    ['executed, plain close without response', true, { ackedBytes: 59 }, 'N'],
    ['half-close, then executed, then abort', true, { peerMayProcessAfterHalfClose: true }, 'H2'],
    ['half-close, then executed, then close', true, { peerMayProcessAfterHalfClose: true }, 'H2'],
  ])('%s (executed: %s)', (_name, executed, changes, grade) => {
    const decision = answer(changes);
    expect(decision.grade).toBe(grade);
    if (executed) expect(decision.verdict).toBe('fail');
    expect(decision.verdict).toBe(grade.startsWith('P') ? 'retry' : 'fail');
    // The same failure of a request that may be executed twice is always tried again.
    for (const repeatable of [{ method: 'PUT' }, { keyed: true }])
      expect(answer({ ...changes, ...repeatable }).verdict).toBe('retry');
  });
});

describe('the grades', () => {
  it.each<[Partial<FailedAttempt>, Grade]>([
    [{ end: 'connect', writtenBytes: null, ackedBytes: null, acceptedBytes: null }, 'P0'],
    [{ end: 'rst', writtenBytes: 0 }, 'P0'],
    [{ end: 'rst', acceptedBytes: 0 }, 'P0'],
    [{ closeNotify: true }, 'P1+'],
    [{ ackedBytes: null, sinceWriteMs: 4.9, rttMs: 10 }, 'P2'],
    [{ ackedBytes: null, sinceWriteMs: 5, rttMs: 10 }, 'H2'],
    [{ ackedBytes: null, sinceWriteMs: 0, rttMs: null }, 'H2'],
    // An executed request is answered no sooner than a round trip, but an acknowledgement says more than any clock.
    [{ ackedBytes: 59, sinceWriteMs: 0, rttMs: 10 }, 'N'],
    [{ ackedBytes: 53, headBytes: 54 }, 'P5'],
    [{ ackedBytes: 54, headBytes: 54 }, 'N'],
    [{ ackedBytes: 53, headBytes: null }, 'N'],
    // Before a reset the acknowledged part proves nothing of the rest: the rest's acknowledgement may be owed.
    [{ end: 'rst', ackedBytes: 53, headBytes: 54 }, 'N'],
    [{ end: 'rst', ackedBytes: null, sinceWriteMs: 0, rttMs: 10 }, 'H2'],
    [{ end: 'other', signal: 'refused-stream', ackedBytes: 59 }, 'P4'],
    [{ end: 'other', signal: 'goaway', ackedBytes: 59 }, 'P4'],
    [{ end: 'status', status: 421, signal: 'misdirected', ackedBytes: 59, responseStarted: true }, 'P4'],
    [{ end: 'status', status: 425, signal: 'too-early', ackedBytes: 59, responseStarted: true }, 'P4'],
    [{ end: 'status', status: 408, signal: 'request-timeout', ackedBytes: 0, responseStarted: true }, 'P4'],
    // An application's own 408, after it had the request.
    [{ end: 'status', status: 408, signal: 'request-timeout', ackedBytes: 59, responseStarted: true }, 'N'],
    [{ end: 'status', status: 408, signal: 'request-timeout', ackedBytes: 0, reused: false }, 'N'],
    [{ end: 'fin', responseStarted: true, ackedBytes: 59 }, 'N'],
    [{ end: 'timeout' }, 'N'],
  ])('%j is %s', (changes, grade) => expect(answer(changes).grade).toBe(grade));

  it('say what was delivered', () => {
    expect(answer({}).delivered).toBe('no');
    expect(answer({ ackedBytes: 59 }).delivered).toBe('partly');
    expect(answer({ end: 'rst' }).delivered).toBe('unknown');
  });
});

describe('a close proves something only once the peer has answered what came after it', () => {
  it.each(['acknowledged', 'silent', null] as const)('%s', (peerAfterClose) => {
    expect(answer({ peerAfterClose })).toMatchObject({ grade: 'H2', verdict: 'fail' });
    expect(answer({ peerAfterClose, closeNotify: true }).grade).toBe('H2');
    expect(answer({ peerAfterClose, ackedBytes: 53, headBytes: 54 }).grade).toBe('N');
    expect(answer({ peerAfterClose, method: 'PUT' }).verdict).toBe('retry');
  });
});

describe('the delay', () => {
  it('is none for the first proven failure of a stale connection, and full jitter for all else', () => {
    expect(answer({}).delayMs).toBe(0);
    expect(answer({ attempt: 2 }).delayMs).toBe(100);
    expect(answer({ attempt: 2 }, 0).delayMs).toBe(0);
    expect(answer({ reused: false, attempt: 3 }).delayMs).toBe(200);
    expect(answer({ end: 'connect' }).delayMs).toBe(50);
    expect(answer({ end: 'rst', method: 'GET', attempt: 30 }, 0.999).delayMs).toBeCloseTo(19_980);
  });

  it('is never less than Retry-After', () => {
    const busy = {
      end: 'status',
      status: 503,
      retryAfterMs: 3000,
      responseStarted: true,
      method: 'GET',
    } as const;
    expect(answer(busy)).toMatchObject({ verdict: 'retry', delayMs: 3050 });
    expect(answer({ ...busy, method: 'POST' }).verdict).toBe('fail');
    expect(answer({ ...busy, status: 500 }).verdict).toBe('fail');
  });
});

it('does not repeat what no repetition cures, nor what cannot be sent again', () => {
  expect(answer({ end: 'connect', curable: false })).toMatchObject({ verdict: 'fail', grade: 'P0' });
  expect(answer({ replayable: false })).toMatchObject({ verdict: 'fail', grade: 'P1', delivered: 'no' });
  expect(answer({ replayable: false }).reason).toContain('body');
});

describe('whatever the facts', () => {
  const count = fc.option(fc.nat(200), { nil: null });
  const time = fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: null });
  const facts: fc.Arbitrary<FailedAttempt> = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'get', 'REPORT'),
    keyed: fc.boolean(),
    replayable: fc.boolean(),
    attempt: fc.integer({ min: 1, max: 9 }),
    end: fc.constantFrom('connect', 'fin', 'rst', 'status', 'timeout', 'other'),
    curable: fc.boolean(),
    reused: fc.boolean(),
    idleMs: time,
    learnedIdleMs: time,
    writtenBytes: count,
    acceptedBytes: count,
    ackedBytes: count,
    headBytes: count,
    responseStarted: fc.boolean(),
    sinceWriteMs: time,
    rttMs: time,
    closeNotify: fc.boolean(),
    signal: fc.constantFrom(null, 'refused-stream', 'goaway', 'misdirected', 'too-early', 'request-timeout'),
    status: fc.option(fc.integer({ min: 200, max: 599 }), { nil: null }),
    retryAfterMs: time,
    peerAfterClose: fc.constantFrom(null, 'reset', 'acknowledged', 'silent'),
    peerMayProcessAfterHalfClose: fc.boolean(),
  });
  const dice = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const sent = (f: FailedAttempt) =>
    f.end !== 'connect' && f.writtenBytes !== 0 && f.acceptedBytes !== 0 && f.signal === null;
  const unkeyed = (f: FailedAttempt) => !isIdempotent(f.method) && !f.keyed;

  it('nothing that left this host and ended in anything but a FIN is repeated without a key', () => {
    fc.assert(
      fc.property(facts, dice, (f, random) => {
        fc.pre(unkeyed(f) && sent(f) && f.end !== 'fin');
        expect(decide(f, policy, random).verdict).toBe('fail');
      }),
    );
  });

  it('nothing whose whole head the peer has acknowledged is repeated without a key', () => {
    fc.assert(
      fc.property(facts, dice, (f, random) => {
        fc.pre(unkeyed(f) && sent(f) && (f.ackedBytes ?? 0) >= Math.max(1, f.headBytes ?? 1));
        expect(decide(f, policy, random).verdict).toBe('fail');
      }),
    );
  });

  it('nothing is repeated without a key at a peer that may act after its FIN', () => {
    fc.assert(
      fc.property(facts, dice, (f, random) => {
        fc.pre(unkeyed(f) && sent(f));
        expect(decide({ ...f, peerMayProcessAfterHalfClose: true }, policy, random).verdict).toBe('fail');
      }),
    );
  });

  it('less knowledge never makes a retry of what more knowledge forbade, save by a clock that was asked instead', () => {
    fc.assert(
      fc.property(facts, dice, (f, random) => {
        fc.pre(unkeyed(f) && sent(f) && decide(f, policy, random).verdict === 'fail');
        const blind = { ...f, ackedBytes: null, acceptedBytes: null, rttMs: null };
        expect(decide(blind, policy, random).verdict).toBe('fail');
      }),
    );
  });

  it('a retry has a body to send and a reason, and its delay keeps the bounds', () => {
    fc.assert(
      fc.property(facts, dice, (f, random) => {
        const decision = decide(f, policy, random);
        expect(decision.reason.length).toBeGreaterThan(10);
        if (decision.verdict === 'retry') expect(f.replayable && f.curable).toBe(true);
        expect(decision.delayMs).toBeGreaterThanOrEqual(
          decision.verdict === 'retry' ? (f.retryAfterMs ?? 0) : 0,
        );
        expect(decision.delayMs).toBeLessThanOrEqual(policy.maxDelayMs + (f.retryAfterMs ?? 0));
        expect(decision.delivered === 'no').toBe(decision.grade.startsWith('P'));
      }),
    );
  });
});
