import { describe, expect, it } from 'vitest';
import { movedCounters, readingOf } from './counter-reading.ts';
import { counterDeltas } from './counters.ts';

const deltasOf = (before: string, after: string) =>
  counterDeltas(before, after, 0, null, 'b and a').counters.deltas;

const nstat = (rows: Record<string, number>) =>
  `#kernel\n${Object.entries(rows)
    .map(([name, value]) => `${name.padEnd(32)}${String(value).padEnd(19)}0.0\n`)
    .join('')}`;
const proc = (closed: number, sent: number) =>
  `TcpExt: SyncookiesSent TCPAbortOnClose\nTcpExt: 0 ${closed}\nIpExt: InNoRoutes\nIpExt: 0\nTcp: RtoMin CurrEstab OutRsts\nTcp: 200 7 ${sent}\n`;
const json = (closed: number, sent: number) =>
  JSON.stringify({ kernel: { TcpExtTCPAbortOnClose: closed, TcpOutRsts: sent, UdpInErrors: 0 } });

describe('counters are compared in each way of writing them', () => {
  it.each([
    [
      'nstat',
      nstat({ TcpOutRsts: 3, TcpExtTCPAbortOnClose: 0 }),
      nstat({ TcpOutRsts: 5, TcpExtTCPAbortOnClose: 1 }),
    ],
    ['nstat without zeros', nstat({ TcpOutRsts: 3 }), nstat({ TcpOutRsts: 5, TcpExtTCPAbortOnClose: 1 })],
    ['nstat --json', json(0, 3), json(1, 5)],
    ['the files of /proc', proc(0, 3), proc(1, 5)],
    ['two of them mixed', proc(0, 3), json(1, 5)],
  ])('%s', (_, before, after) => {
    const deltas = deltasOf(before, after);
    expect([deltas.get('OutRsts'), deltas.get('TCPAbortOnClose')]).toEqual([2, 1]);
    expect(deltas.has('CurrEstab')).toBe(false);
    expect(movedCounters(deltas)).toBe('OutRsts +2, TCPAbortOnClose +1');
  });
});

describe('what cannot be compared is refused', () => {
  it.each([
    ['a fall: wrong order or another boot', json(1, 5), json(0, 3), /smaller counters/],
    [
      'one that vanished',
      nstat({ TcpOutRsts: 3, TcpActiveOpens: 2 }),
      nstat({ TcpOutRsts: 3 }),
      /smaller counters/,
    ],
    ['no counters', 'hello', json(0, 3), /no TCP counters/],
    ['nothing in common', json(0, 3), 'Tcp: ActiveOpens\nTcp: 3\n', /in common/],
    ['broken JSON', '{"kernel":{"TcpOutRsts":', json(0, 3), /no TCP counters/],
  ])('%s', (_, before, after, says) => {
    expect(() => deltasOf(before, after)).toThrow(says);
  });
});

it.each([
  [{ TCPAbortOnClose: 2, OutRsts: 2 }, /unread/],
  [{ TCPAbortOnData: 1, EstabResets: 1, OutRsts: 1 }, /SO_LINGER 0/],
  [{ TCPAbortOnData: 1, OutRsts: 1 }, /had been closed/],
  [{ EstabResets: 1, OutRsts: 1 }, /ss -K/],
  [{ OutRsts: 1 }, /no connection/],
  [{ EmbryonicRsts: 1, ListenOverflows: 1 }, /accept queue/],
  [{ TCPAbortOnTimeout: 1 }, /timer/],
  [{}, /no RST at all/],
  [{ TCPAbortOnClose: 1, TCPAbortOnData: 1 }, null],
] as [Record<string, number>, RegExp | null][])('%o is read by the table', (moved, says) => {
  const reading = readingOf(new Map(Object.entries(moved)));
  if (says === null) expect(reading).toBeNull();
  else expect(reading).toMatch(says);
});
