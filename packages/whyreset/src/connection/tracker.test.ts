import { describe, expect, test } from 'vitest';
import { HANDSHAKE, outcomes, play, segmentOf } from './testing/play.ts';
import { ConnectionTracker } from './tracker.ts';

const OTHER = { clientPort: 50_000 };

/** Plays two connections in one tracker: the second only moves the clock. */
function removalTimes(script: string, ticks: number[]): { history: string; at: number }[] {
  const removed: { history: string; at: number }[] = [];
  let now = 0;
  const tracker = new ConnectionTracker({ every: true, keep: 'every', maxConnections: 100 }, (one) => {
    const { history, responder } = one.summary();
    if (responder !== '10.0.0.2:7') removed.push({ history, at: now });
  });
  let number = 0;
  const lines = [
    ...script
      .trim()
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => ({ line, cast: {} })),
    ...ticks.map((time) => ({ line: `${time} > S 0 0`, cast: { ...OTHER, serverPort: 7 } })),
  ].sort((a, b) => Number(a.line.trim().split(/\s+/)[0]) - Number(b.line.trim().split(/\s+/)[0]));
  for (const { line, cast } of lines) {
    const s = segmentOf(line, cast, ++number);
    now = s.time;
    tracker.segment(s);
  }
  now = -1;
  tracker.end();
  return removed;
}

const every = (from: number, to: number, step: number) => {
  const ticks: number[] = [];
  for (let time = from; time <= to; time += step) ticks.push(Math.round(time * 1000) / 1000);
  return ticks;
};

describe('when a connection is forgotten', () => {
  test('timer_unanswered SYN after five seconds', () => {
    expect(removalTimes('0 > S 0', every(0.5, 20, 0.5))).toEqual([{ history: 'S', at: 5 }]);
  });

  test('timer_both FINs: five seconds after the last of them, later packets do not prolong it', () => {
    const script = `${HANDSHAKE}\n1 > F. 1 1\n2 < F. 1 2\n4 > . 2 2`;
    expect(removalTimes(script, every(0.5, 20, 0.5))).toEqual([{ history: 'ShAFf', at: 7 }]);
  });

  test('timer_RST: five seconds after it', () => {
    expect(removalTimes(`${HANDSHAKE}\n1 < R. 1 1`, every(0.5, 20, 0.5))).toEqual([
      { history: 'ShAr', at: 6 },
    ]);
  });

  test('timer_silence of five minutes when established', () => {
    expect(removalTimes(HANDSHAKE, every(1, 400, 1))).toEqual([{ history: 'ShA', at: 301 }]);
  });

  test('timer_half closed lives until the silence limit', () => {
    expect(removalTimes(`${HANDSHAKE}\n1 > F. 1 1\n1.1 < . 1 2`, every(1, 400, 1))).toEqual([
      { history: 'ShAFa', at: 302 },
    ]);
  });

  test('timer_FIN then RST of the same side is found by the next check', () => {
    const removed = removalTimes(`${HANDSHAKE}\n1 > F. 1 1\n1.1 < . 1 2\n1.2 > R 2`, every(0.5, 30, 0.5));
    expect(removed).toHaveLength(1);
    expect(removed[0]!.history).toBe('ShAFaR');
    expect(removed[0]!.at).toBeGreaterThan(6.2);
    expect(removed[0]!.at).toBeLessThan(13.5);
  });

  test('timer_interactive ports wait an hour', () => {
    const lines = `${HANDSHAKE}\n400 > P. 1 1 10\n400.1 < . 1 11`;
    expect(play(lines, { serverPort: 22 }).summaries).toHaveLength(1);
    expect(play(lines, { serverPort: 9999 }).summaries).toHaveLength(2);
  });

  test('timer_end of input takes the rest, oldest first', () => {
    const { connections } = play(HANDSHAKE);
    expect(connections.map((one) => one.ended)).toEqual(['end-of-input']);
  });
});

describe('when a 4-tuple is used again', () => {
  const closed = `${HANDSHAKE}\n1 > F. 1 1\n1.1 < F. 1 2\n1.2 > . 2 2\n`;

  test('reuse_SYN at once after a close', () => {
    const { connections } = play(`${closed}1.3 > S 90000\n1.4 < S. 70000 90001`);
    expect(connections.map(({ state, history, ended }) => [state, history, ended])).toEqual([
      ['SF', 'ShAFf', 'reused'],
      ['S1', 'Sh', 'end-of-input'],
    ]);
  });

  test('reuse_SYN of the same number in an open connection is not one', () => {
    expect(outcomes(`${HANDSHAKE}\n1 > S 0`)).toEqual(['S1 ShA']);
  });

  test('reuse_SYN of another number in an open connection is one', () => {
    expect(outcomes(`${HANDSHAKE}\n1 > S 700`)).toEqual(['S1 ShA', 'S0 S']);
  });

  test('reuse_late packets within five seconds belong to the old one', () => {
    const { summaries } = play(`${HANDSHAKE}\n1 < R. 1 1\n3 > P. 1 1 10\n5 < R 1`);
    expect(summaries).toMatchObject([{ state: 'RSTR', history: 'ShArD', originatorPackets: 3, resets: 2 }]);
  });

  test.each([
    ['before five seconds are over', 5.9, 1],
    ['after five seconds', 6.1, 2],
  ])('reuse_late packet %s of a clean end nobody asks about', (_, at, connections) => {
    const script = `${HANDSHAKE}\n0.5 > F. 1 1\n1 < F. 1 2\n1.2 > . 2 2\n${at} > . 2 2`;
    expect(play(script, {}, { every: false, keep: 'troubled' }).tracker.connections).toBe(connections);
  });

  test('reuse_late packets after five seconds begin a new one', () => {
    expect(outcomes(`${HANDSHAKE}\n1 < R. 1 1\n7 > P. 1 1 10`)).toEqual(['RSTR ShAr', 'OTH D']);
  });
});

describe('FIN and RST together', () => {
  test('close_RST after both FINs changes nothing', () => {
    const { summaries } = play(`${HANDSHAKE}\n1 > F. 1 1\n1.1 < F. 1 2\n1.2 > R 2`);
    expect(summaries).toMatchObject([{ state: 'SF', history: 'ShAFfR', resets: 1 }]);
  });

  test('close_FIN, RST, then the FIN of the other side is a normal end', () => {
    expect(outcomes(`${HANDSHAKE}\n1 > F. 1 1\n1.1 > R 2\n1.2 < F. 1 2`)).toEqual(['SF ShAFRf']);
  });

  test('close_FIN answered by a RST', () => {
    expect(outcomes(`${HANDSHAKE}\n1 > F. 1 1\n1.1 < R. 1 2`)).toEqual(['RSTR ShAFr']);
  });

  test('close_put off while data of the other side is not acknowledged', () => {
    // The responder's data is outstanding when the originator's FIN comes; its acknowledgement comes with it.
    const script = `${HANDSHAKE}\n1 < P. 1 1 10\n1.1 > F. 1 1\n1.2 < F. 11 2\n1.3 > . 2 12`;
    expect(outcomes(script)).toEqual(['SF ShAdFf']);
  });
});

describe('bytes and packets', () => {
  test('bytes_from sequence numbers, SYN and FIN not counted', () => {
    const script = `${HANDSHAKE}\n1 > P. 1 1 100\n1.1 < . 1 101\n1.2 < P. 1 101 300\n1.3 > F. 101 301\n1.4 < F. 301 102\n1.5 > . 102 302`;
    expect(play(script).summaries[0]).toMatchObject({
      originatorBytes: 100,
      responderBytes: 300,
      originatorPackets: 5,
      responderPackets: 4,
    });
  });

  test.each([0xffffffff, 0xfffffffe, 0xffffff00, 0xfffffd00, 0x7fffff80, 0])(
    'bytes_across a wrap from %i',
    (isn) => {
      const cast = { clientIsn: isn, serverIsn: isn };
      const script = `${HANDSHAKE}\n1 > P. 1 1 1000\n1.1 < . 1 1001\n1.2 < P. 1 1001 2000\n1.3 > . 1001 2001\n1.4 > P. 1001 2001 500\n1.5 < F. 2001 1501\n1.6 > F. 1501 2002\n1.7 < . 2002 1502`;
      const { summaries, connections } = play(script, cast);
      expect(summaries[0]).toMatchObject({
        state: 'SF',
        history: 'ShADadfF',
        originatorBytes: 1500,
        responderBytes: 2000,
      });
      expect(connections[0]!.timeline.map(({ seq, ack }) => [seq, ack])).toContainEqual([1001, 2001]);
      expect(connections[0]!.originator).toMatchObject({ sent: 1502, acked: 1502 });
    },
  );

  test('bytes_missed in a gap are counted by the acknowledgement', () => {
    expect(play(`${HANDSHAKE}\n1 < . 1 501`).summaries[0]).toMatchObject({ originatorBytes: 500 });
  });

  test('bytes_a RST far off does not count', () => {
    expect(play(`${HANDSHAKE}\n1 < R 90000000`).summaries[0]).toMatchObject({
      responderBytes: 0,
      state: 'RSTR',
    });
  });

  test('bytes_more than 4 GB', () => {
    let script = HANDSHAKE;
    const step = 1_000_000_000;
    for (let i = 0; i < 6; i++)
      script += `\n${1 + i} > P. ${1 + i * step} 1 ${step} cap=0\n${1.5 + i} < . 1 ${1 + (i + 1) * step}`;
    expect(play(script).summaries[0]!.originatorBytes).toBe(6 * step);
  });
});

test('ipv6_addresses and ports', () => {
  const cast = { client: [0x20010db8, 0, 0, 1], server: [0x20010db8, 0, 0, 2], serverPort: 443 };
  expect(play(HANDSHAKE, cast).summaries[0]).toMatchObject({
    originator: '[2001:db8::1]:40000',
    responder: '[2001:db8::2]:443',
    state: 'S1',
  });
});

test('tuple_equal ports on both ends are told apart by address', () => {
  const cast = { clientPort: 5000, serverPort: 5000 };
  expect(outcomes(HANDSHAKE, cast)).toEqual(['S1 ShA']);
});

describe('bounds', () => {
  test('eviction_of the least recently active', () => {
    const reported: string[] = [];
    const tracker = new ConnectionTracker({ every: true, keep: 'every', maxConnections: 64 }, (one) =>
      reported.push(one.summary().originator),
    );
    for (let i = 0; i < 200; i++) {
      for (const line of [`${i / 100} > S 0`, `${i / 100} < S. 0 1`]) {
        tracker.segment(segmentOf(line, { clientPort: 1000 + i }, i + 1));
      }
      expect(tracker.liveConnections).toBeLessThanOrEqual(64);
    }
    expect(tracker.evicted).toBe(136);
    expect(reported[0]).toBe('10.0.0.1:1000');
    expect(tracker.archive.connection(0).ended).toBe('evicted');
    tracker.end();
    expect(reported).toHaveLength(200);
    expect(tracker.connections).toBe(200);
  });

  test('archive_full counts what it drops', () => {
    const { tracker } = play(`${HANDSHAKE}\n1 > S 700\n2 > S 900`, {}, { maxArchived: 1 });
    expect(tracker.archive).toMatchObject({ length: 1, dropped: 2 });
  });
});

describe('which connections are troubled', () => {
  const troubled = (script: string) => {
    const { tracker } = play(script, {}, { every: false, keep: 'troubled' });
    return tracker.archive.length === 1;
  };

  test.each([
    ['a clean end', `${HANDSHAKE}\n1 > F. 1 1\n1.1 < F. 1 2`, false],
    ['an open one', HANDSHAKE, false],
    ['a RST', `${HANDSHAKE}\n1 > R. 1 1`, true],
    ['a RST after a clean end', `${HANDSHAKE}\n1 > F. 1 1\n1.1 < F. 1 2\n1.2 > R 2`, true],
    ['payload after the FIN of the other side', `${HANDSHAKE}\n1 < F. 1 1\n1.1 > P. 1 2 10`, true],
    [
      'a request the server closes on',
      `${HANDSHAKE}\n1 > P. 1 1 text=GET_/_HTTP/1.1\n1.1 < F. 1 15\n1.2 > F. 15 2\n1.3 < . 2 16`,
      true,
    ],
    [
      'bytes that are no request, then a FIN',
      `${HANDSHAKE}\n1 > P. 1 1 text=hello\n1.1 < F. 1 6\n1.2 > F. 6 2\n1.3 < . 2 7`,
      false,
    ],
    [
      'a request answered, then a FIN',
      `${HANDSHAKE}\n1 > P. 1 1 text=GET_/_HTTP/1.1\n1.1 < P. 1 15 10\n1.2 < F. 11 15\n1.3 > F. 15 12\n1.4 < . 12 16`,
      false,
    ],
    ['payload repeated in vain', `${HANDSHAKE}\n1 > P. 1 1 9\n1.2 > P. 1 1 9\n1.6 > P. 1 1 9`, true],
    [
      'payload repeated, then acknowledged',
      `${HANDSHAKE}\n1 > P. 1 1 9\n1.2 > P. 1 1 9\n1.6 > P. 1 1 9\n1.7 < . 1 10`,
      false,
    ],
  ])('trouble_%s', (_, script, expected) => {
    expect(troubled(script)).toBe(expected);
  });
});

test('icmp_error about a connection', () => {
  const tracker = new ConnectionTracker({ every: true, keep: 'troubled' });
  const s = segmentOf('0 > S 0', {}, 1);
  tracker.segment(s);
  const quote = {
    number: 2,
    time: 0.5,
    family: 4 as const,
    reporter: Uint32Array.of(0x0a000003, 0, 0, 0),
    type: 3,
    code: 13,
    mtu: 0,
    source: s.source,
    destination: s.destination,
    sourcePort: s.sourcePort,
    destinationPort: s.destinationPort,
    seq: s.seq,
  };
  tracker.icmp(quote);
  tracker.icmp({ ...quote, sourcePort: 1 });
  tracker.end();
  expect(tracker.strayIcmp).toBe(1);
  expect(tracker.archive.connection(0).icmp).toEqual([
    { number: 2, time: 0.5, reporter: '10.0.0.3', type: 3, code: 13, mtu: 0, about: 'originator' },
  ]);
});
