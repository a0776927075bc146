import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PeerDeadError } from './peer-dead-error.ts';
import { PingLoop, type PingLoopOptions } from './ping-loop.ts';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'performance',
      'Date',
    ],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

function loop(options: Partial<PingLoopOptions> = {}) {
  const sent: number[] = [];
  const dead: [number, PeerDeadError][] = [];
  const began = performance.now();
  // A faked setImmediate takes a millisecond.
  const at = () => Math.round((performance.now() - began) / 10) * 10;
  const beating = new PingLoop({
    intervalMs: 10_000,
    count: 3,
    answerMs: null,
    random: () => 0,
    send: () => sent.push(at()),
    onDead: (error) => dead.push([at(), error]),
    ...options,
  });
  return { beating, sent, dead };
}

describe('PingLoop', () => {
  it('beats on a silent connection, and calls the peer dead after interval × count and a round trip', () => {
    const { beating, sent, dead } = loop();
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([10_000, 20_000, 30_000]);
    expect(dead.map(([at]) => at)).toEqual([31_000]);
    expect(beating.deadAfterMs).toBe(31_000);
    expect(dead[0]![1]).toMatchObject({
      code: 'WHYRESET_PEER_DEAD',
      message:
        'The peer is dead or out of reach: nothing was received for 31 s, and 3 heartbeats went unanswered',
      unanswered: 3,
    });
  });

  it('goes on for ever while it is answered, and knows the round trip', () => {
    const { beating, dead } = loop({
      send: () => setTimeout(() => beating.heard(), 40),
    });
    vi.advanceTimersByTime(100_000);
    expect(dead).toEqual([]);
    expect(beating.rttMs).toBeCloseTo(40, 0);
  });

  it('says nothing while the peer speaks by itself', () => {
    let bytes = 0;
    const { sent, dead } = loop({ received: () => bytes });
    const peer = setInterval(() => bytes++, 3000);
    vi.advanceTimersByTime(100_000);
    clearInterval(peer);
    expect(sent).toEqual([]);
    expect(dead).toEqual([]);
    // Its last byte came at 99 s: the first heartbeat follows an interval later at most.
    vi.advanceTimersByTime(60_000);
    expect(sent[0]).toBeGreaterThan(106_000);
    expect(sent[0]).toBeLessThanOrEqual(109_100);
    expect(dead).toHaveLength(1);
  });

  it('begins anew after an answer that came late', () => {
    const { beating, sent, dead } = loop();
    vi.advanceTimersByTime(29_000);
    beating.heard();
    vi.advanceTimersByTime(31_000);
    expect(sent).toEqual([10_000, 20_000, 39_000, 49_000, 59_000]);
    expect(dead).toEqual([]);
  });

  it('takes a blocked event loop for what it is: the answer gets its time again', () => {
    const { beating, dead } = loop();
    vi.advanceTimersByTime(30_500);
    // The loop stands still for ten seconds, in which the last answer's time runs out.
    vi.setSystemTime(Date.now() + 10_000);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 10_000);
    vi.advanceTimersByTime(600);
    expect(dead).toEqual([]);
    beating.heard();
    vi.advanceTimersByTime(5000);
    expect(dead).toEqual([]);
    vi.restoreAllMocks();
  });

  it('spreads the heartbeats of a fleet', () => {
    const first = [0, 0.5, 1].map((random) => {
      const { sent, beating } = loop({ random: () => random });
      vi.advanceTimersByTime(10_001);
      beating.stop();
      return sent[0];
    });
    expect(first).toEqual([10_000, 9500, 9000]);
  });

  it('is silent after stop()', () => {
    const { beating, sent, dead } = loop();
    vi.advanceTimersByTime(15_000);
    beating.stop();
    vi.advanceTimersByTime(100_000);
    expect(sent).toEqual([10_000]);
    expect(dead).toEqual([]);
  });
});
