import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GuardCore } from '../guard-core.ts';
import type { SocketWatch } from '../socket/watch.ts';
import { IdleSockets } from './idle-sockets.ts';

class Core extends GuardCore {
  override now = () => performance.now();
  override loopDelayMs = () => 0;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function idleAt(limitMs: number, probeIntervalMs = 60_000) {
  const core = new Core({ kernel: 'none', probeIntervalMs });
  const origin = core.origin('http://a.example');
  for (let at = 0; at < 5; at++)
    origin.knowledge.closedIdle({ idleMs: limitMs, ageMs: 1e6, requests: 3, hintMs: null }, at * 1000);
  const idle = new IdleSockets(core, origin);
  const open = new Set<object>();
  const add = () => {
    const socket = { destroy: () => void open.delete(socket) };
    open.add(socket);
    const watch = {
      socket: socket as unknown as Socket,
      hintMs: null,
      lastUsedAt: core.now(),
    } as SocketWatch;
    idle.add(watch, core.now());
    return watch;
  };
  return { core, idle, add, open: () => open.size };
}

it('closes each connection at its safe age, all but one that shows when the origin does', () => {
  const { add, open } = idleAt(300);
  add();
  vi.advanceTimersByTime(100);
  add();
  vi.advanceTimersByTime(100);
  add();
  expect(open()).toBe(3);
  vi.advanceTimersByTime(199);
  // 300 ms, less a margin of 12 and a turn of 3; the first of them stays as the witness.
  expect(open()).toBe(2);
  vi.advanceTimersByTime(100);
  expect(open()).toBe(1);
  vi.advanceTimersByTime(60_000);
  expect(open()).toBe(1);
});

it('leaves those in use alone, and sets out again for the next', () => {
  const { idle, add, open, core } = idleAt(300, Number.POSITIVE_INFINITY);
  add(); // the witness
  const used = add();
  vi.advanceTimersByTime(200);
  idle.remove(used);
  vi.advanceTimersByTime(200);
  expect(open()).toBe(2);
  idle.add(Object.assign(used, { lastUsedAt: core.now() }), core.now());
  vi.advanceTimersByTime(286);
  expect(open()).toBe(1);
});

it('leaves one in 33 open, or a limit that was learned too low would never be corrected', () => {
  const { add, open } = idleAt(300);
  for (let at = 0; at < 67; at++) add();
  vi.advanceTimersByTime(300);
  expect(open()).toBe(3);
});

it('does not wait for a timer that is late', () => {
  const { idle, add, open, core } = idleAt(300);
  add();
  add();
  const later = core.now() + 290;
  expect(idle.expire(later - 10)).toBe(false);
  expect(open()).toBe(2);
  expect(idle.expire(later)).toBe(true);
  expect(open()).toBe(1);
});

it('sets no timer while no limit is known', () => {
  const core = new Core({ kernel: 'none' });
  const idle = new IdleSockets(core, core.origin('http://b.example'));
  idle.add({ socket: {}, hintMs: null, lastUsedAt: core.now() } as SocketWatch, core.now());
  expect(vi.getTimerCount()).toBe(0);
});
