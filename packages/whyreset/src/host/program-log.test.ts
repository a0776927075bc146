import { describe, expect, it } from 'vitest';
import { LogMatch } from './log-match.ts';
import { logTime } from './log-time.ts';
import { ProgramLog } from './program-log.ts';

function read(text: string) {
  const log = new ProgramLog(0);
  log.push(new TextEncoder().encode(text));
  return { told: log.end('x.log'), records: log.records };
}

const MOMENT = Date.UTC(2026, 10, 21, 13, 55, 12) / 1000;
const client = { address: '10.0.0.9', port: 52044 };
const server = { address: '10.0.0.2', port: 3000 };

describe('a time is read from', () => {
  it.each([
    ['ISO 8601', '2026-11-21T13:55:12.250Z error', 0.25, true, false],
    ['a zone', '[2026-11-21 14:55:12,250+01:00] error', 0.25, true, false],
    ['nginx', '2026/11/21 13:55:12 [error] 1#1: *1', 0, false, false],
    ['an access log', '10.0.0.9 - - [21/Nov/2026:13:55:12 +0000] "GET /', 0, true, false],
    ['HAProxy', 'lb: 10.0.0.9:33317 [21/Nov/2026:13:55:12.250] web', 0.25, false, false],
    ['Apache', '[Sat Nov 21 13:55:12.250000 2026] [core:error]', 0.25, false, false],
    ['seconds since 1970', '1795269312.25 error', 0.25, true, false],
    ['milliseconds in JSON', '{"level":50,"time":1795269312250,"msg":"x"}', 0.25, true, false],
    ['syslog', 'Nov 21 13:55:12 host app: error', 0, false, true],
    ['klog', 'E1121 13:55:12.250000   1 proxy.go:1] error', 0.25, false, true],
  ])('%s', (_, line, fraction, zoned, yearless) => {
    const time = logTime(line)!;
    expect(time).toMatchObject({ zoned, yearless });
    const expected = yearless ? Date.UTC(1972, 10, 21, 13, 55, 12) / 1000 : MOMENT;
    expect(time.seconds).toBeCloseTo(expected + fraction, 5);
  });

  it('and from nothing else', () => {
    for (const line of [
      '',
      'read ECONNRESET',
      'Nov 41 13:55:12 x',
      '2026-13-21T13:55:12Z',
      '12345678901234567890',
    ])
      expect(logTime(line)).toBeNull();
  });
});

describe('a line is matched to its connection', () => {
  const about = (text: string) => new LogMatch(read(text).records).about(client, server, MOMENT + 0.1);

  it.each([
    [
      'both-ends',
      '%ASA-6-302014 Nov 21 13:55:12: Teardown TCP connection 1 for outside:10.0.0.9/52044 to inside:10.0.0.2/3000 duration 0:00:30 bytes 1 TCP Reset-O',
    ],
    [
      'client-port',
      '2026-11-21T13:55:12Z error: read tcp 10.0.0.9:52044->203.0.113.7:443: read: connection reset by peer',
    ],
    [
      'server',
      '2026/11/21 13:55:12 [error] 1#1: *1 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 192.0.2.1, upstream: "http://10.0.0.2:3000/"',
    ],
    [
      'server',
      'https 2026-11-21T13:55:12.186641Z app/my-lb/50dc6c 192.0.2.1:2817 10.0.0.2:3000 0.001 0.004 -1 502 - 34 366 "POST https://example.com:443/ HTTP/1.1" "curl/8.0" - -',
    ],
    ['server', 'Nov 21 13:55:12 app: connect ECONNREFUSED 10.0.0.2:3000'],
    [
      'time',
      "2026-11-21T13:55:12.300Z Error: read ECONNRESET\n    at TCP.onStreamRead\n  code: 'ECONNRESET'",
    ],
  ])('by %s', (by, text) => {
    expect(about(text)).toMatchObject([{ by }]);
  });

  it('in whatever zone a log without one was written, if it names an end', () => {
    const line = (clock: string) =>
      `2026/11/21 ${clock} [error] 1#1: *1 connect() failed (111: Connection refused), upstream: "http://10.0.0.2:3000/"`;
    expect(about(line('19:25:12'))).toMatchObject([{ by: 'server', zone: 330 }]);
    // No zone stands a quarter of an hour from UTC, and what fits as it stands goes first.
    expect(about(line('13:40:12'))).toEqual([]);
    expect(about(`${line('12:55:12')}\n${line('13:55:12')}`)).toMatchObject([{ zone: 0 }]);
    expect(about(line('13:57:12'))).toEqual([]);
    expect(about('2026-11-21 19:25:12 read ECONNRESET')).toEqual([]);
  });

  it.each([
    [
      'of another moment',
      '2026-11-21T13:59:12Z read tcp 10.0.0.9:52044->10.0.0.2:3000: read: connection reset by peer',
    ],
    [
      'of another connection of the same client',
      '2026-11-21T13:55:12Z read tcp 10.0.0.9:52999->10.0.0.2:3000: read: connection reset by peer',
    ],
    ['that is no error', '2026-11-21T13:55:12Z 10.0.0.9:52044 GET / 200'],
  ])('but not one %s', (_, text) => {
    expect(about(text)).toEqual([]);
  });
});

it('reads an error over several lines as one, and knows the line where it begins', () => {
  const { records, told } = read(
    "started\n2026-11-21T13:55:12Z Error: connect ECONNREFUSED 10.0.0.2:3000\n    at TCPConnectWrap\n  address: '10.0.0.2',\n  port: 3000\n}\n2026-11-21T13:55:13Z fine\n",
  );
  expect(records).toMatchObject([
    { line: 2, class: 'REFUSED', places: [{ address: '10.0.0.2', port: 3000 }] },
  ]);
  expect(told).toMatchObject({ kind: 'log', records: 1, warnings: [] });
});

it('survives what is no log', () => {
  expect(() => read('\0\x01\x02\n'.repeat(20))).toThrow(/no text/);
  expect(read('').told.warnings).toMatchObject([{ code: 'no-errors' }]);
  expect(read(`reset ${'('.repeat(1_000_000)}\n`).told.warnings).toMatchObject([
    { code: 'cut-lines' },
    { code: 'no-errors' },
  ]);
});
