import { describe, expect, it } from 'vitest';
import type { HostRecords } from './records.ts';
import type { TraceEvent } from './trace-event.ts';
import { type SeenReset, TraceMatch } from './trace-match.ts';

const server = { address: '10.0.0.2', port: 80 };
const client = (port: number) => ({ address: '10.0.0.1', port });
/** The trace's clock runs since boot. */
const BOOT = 5000;

let line = 0;
function sent(port: number | null, time: number, changes: Partial<TraceEvent> = {}): TraceEvent {
  return {
    kind: 'send',
    source: 0,
    line: ++line,
    time: time - BOOT,
    local: server,
    remote: port === null ? null : client(port),
    reason: 'TCP_ABORT_ON_CLOSE',
    state: 'TCP_CLOSE',
    answer: false,
    socket: true,
    task: `a-${line}`,
    inTask: true,
    path: null,
    ...changes,
  };
}
const answered = (port: number | null, time: number) =>
  sent(port, time, { answer: true, reason: 'NO_SOCKET' });
const seen = (port: number, time: number, count = 1): SeenReset => ({
  from: server,
  to: client(port),
  time,
  count,
});

function match(events: TraceEvent[], resets: SeenReset[], whole = true): TraceMatch {
  const records: HostRecords = {
    sources: [],
    events,
    whole,
    given: { trace: true, counters: false, log: false },
    counters: [],
    sockets: [],
    conntrack: [],
    logs: [],
  };
  const trace = new TraceMatch(records);
  for (const reset of resets) trace.see(reset);
  trace.settle();
  return trace;
}

describe('a captured RST and its line', () => {
  it('belong together when each is the only one between these ends', () => {
    const event = sent(1, 7);
    expect(match([event], [seen(1, 7)]).sent(seen(1, 7), false)).toEqual({ event, certain: true });
  });

  it('go by order when both have several, and by kind', () => {
    const first = sent(1, 7);
    const resets = [seen(1, 7, 2)];
    expect(match([first, answered(1, 7.1)], resets).sent(resets[0]!, false)).toMatchObject({ event: first });
    expect(match([answered(1, 7)], [seen(1, 7)]).sent(seen(1, 7), false).event).toBeNull();
  });

  it('cannot be told apart when the trace has fewer, unless the clocks are known', () => {
    const two = seen(1, 7, 2);
    expect(match([sent(1, 8)], [two]).sent(two, false).event).toBeNull();
    const other = seen(2, 3);
    expect(match([sent(1, 8), sent(2, 3)], [two, other]).sent(two, false).event).toBeNull();
    expect(match([sent(1, 7), sent(2, 3)], [two, other]).sent(two, false)).toMatchObject({ certain: true });
  });

  it('do not when the trace is of another day: the same ports come again', () => {
    const resets = [seen(1, 7), seen(2, 8), seen(3, 9)];
    const stale = [sent(1, 100), sent(2, 5000), sent(3, 777)];
    expect(match(stale, resets).sent(resets[0]!, false)).toMatchObject({ certain: false });
  });

  it('do when a port is used anew and the clocks tell which is which', () => {
    const resets = [seen(1, 7), seen(1, 90), seen(2, 3)];
    const events = [sent(1, 7), sent(1, 90, { reason: 'TCP_STATE' }), sent(2, 3)];
    const trace = match(events, resets);
    expect(trace.sent(resets[0]!, false)).toEqual({ event: events[0], certain: true });
    expect(trace.sent(resets[1]!, false)).toEqual({ event: events[1], certain: true });
  });

  it('are found by time where a listener answers, which names no peer', () => {
    const answer = answered(null, 7);
    const resets = [seen(1, 7), seen(2, 3)];
    expect(match([answer, sent(2, 3)], resets).sent(resets[0]!, true)).toEqual({
      event: answer,
      certain: true,
    });
    expect(match([answer], [resets[0]!]).sent(resets[0]!, true)).toEqual({ event: answer, certain: false });
    // Two RSTs at once and one line: one of them is another's.
    const both = [seen(1, 7), seen(4, 7.001), seen(2, 3)];
    expect(match([answer, sent(2, 3)], both).sent(both[0]!, true)).toMatchObject({ certain: false });
  });
});

describe('silence proves only when the host was certainly traced then', () => {
  const around = [sent(1, 5), sent(3, 9)];
  const resets = [seen(1, 5), seen(2, 7), seen(3, 9)];
  const silent = (events: TraceEvent[], captured = resets, whole = true) =>
    match(events, captured, whole).silence(seen(2, 7)).silent;

  it('between two RSTs of the same end that are in both', () => {
    expect(match(around, resets).silence(seen(2, 7))).toMatchObject({
      silent: true,
      before: around[0],
      after: around[1],
    });
  });

  it.each<[string, TraceEvent[], SeenReset[], boolean]>([
    ['the trace lost lines', around, resets, false],
    ['nothing came after', [around[0]!], [resets[0]!, resets[1]!], true],
    ['nothing came before', [around[1]!], [resets[1]!, resets[2]!], true],
    ['it has this RST', [...around, answered(2, 7)], resets, true],
    ['a listener answered then', [...around, answered(null, 7)], resets, true],
    ['it may be cut to one task', around.map((event) => ({ ...event, task: 'a-1' })), resets, true],
    ['its kernel leaves resets out', around.map((event) => ({ ...event, reason: null })), resets, true],
    [
      'only another end of the host is in it',
      around.map((e) => ({ ...e, local: { ...server, port: 81 } })),
      resets,
      true,
    ],
    ['it is empty', [], resets, true],
  ])('not when %s', (_, events, captured, whole) => {
    expect(silent(events, captured, whole)).toBe(false);
  });
});
