import { afterEach, describe, expect, it, vi } from 'vitest';
import { reconnect } from './reconnect.ts';

afterEach(() => vi.restoreAllMocks());

describe('reconnect', () => {
  it('tries until it succeeds, and tells of each failure', async () => {
    const failures: number[] = [];
    const connect = async (attempt: number) => {
      if (attempt < 3) throw new Error(`no ${attempt}`);
      return `connected at ${attempt}`;
    };
    const connected = await reconnect(connect, {
      base: 1,
      onFailure: ({ attempt }) => failures.push(attempt),
    });
    expect(connected).toBe('connected at 3');
    expect(failures).toEqual([1, 2]);
  });

  it('pauses anywhere between nothing and a bound that doubles up to the longest', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const pauses: number[] = [];
    await expect(
      reconnect(() => Promise.reject(new Error('no')), {
        base: 1,
        max: 5,
        attempts: 5,
        onFailure: ({ pauseMs }) => pauses.push(pauseMs),
      }),
    ).rejects.toThrow('no');
    expect(pauses).toEqual([2, 4, 5, 5]);
  });

  it('ends with the reason of the signal, in the middle of a pause', async () => {
    const controller = new AbortController();
    const waiting = reconnect(() => Promise.resolve(), { base: '1h', signal: controller.signal });
    controller.abort(new Error('shutting down'));
    await expect(waiting).rejects.toThrow('shutting down');
  });

  it('refuses options that mean nothing', async () => {
    await expect(reconnect(() => Promise.resolve(), { attempts: 0 })).rejects.toThrow(/attempts is 0/);
    await expect(reconnect(() => Promise.resolve(), { base: 'soon' })).rejects.toThrow(/base is "soon"/);
  });
});
