import { describe, expect, test } from 'vitest';
import { judge } from '../../verdict/judge.ts';
import { build, type ConnectionBuilder, type Oddity } from '../testing/connection.ts';
import injectorFingerprint from './injector-fingerprint.ts';
import { FINGERPRINTS } from './injector-fingerprints.ts';
import maker from './maker.ts';

const idsOf = (builder: ConnectionBuilder) => {
  const fact = injectorFingerprint.of(builder.subject());
  return fact.known ? fact.matches.map(({ id }) => id) : [];
};

/** A request over 40 ms that waits for its answer; the server's TTL is 57, the client's window 501. */
const asked = (port = 80) =>
  build()
    .handshake(0.04)
    .client(0.05, 'P.', { data: 100 })
    .server(0.09, 'P.', { data: 200 })
    .client(0.09, '.')
    .client(0.1, 'P.', { data: 100 })
    .side('responder', { port });

/** RSTs 40 ms after the request, with the server's own TTL: nothing but their build is odd. */
const volley = (builder: ConnectionBuilder, flags: string, oddities: Oddity[]) => {
  for (const [i, oddity] of oddities.entries())
    builder.server(0.14 + i / 1e4, flags, { plain: true, ...oddity });
  return builder;
};

const BUILT: Record<string, ConnectionBuilder> = {
  tcpkill: volley(asked(), 'R', [
    { seq: 201, window: 0, df: false },
    { seq: 201 + 501, window: 0, df: false },
    { seq: 201 + 3 * 501, window: 0, df: false },
  ]),
  'gfw-1460': volley(asked(), 'R', [{ seq: 201 }, { seq: 1661 }, { seq: 4581 }]),
  'gfw-equal-2023': volley(asked(), 'R.', [
    { window: 900, ttl: 57 },
    { window: 901, ttl: 58 },
    { window: 902, ttl: 59 },
  ]),
  'gfw-443-2025': volley(asked(443), 'R.', [{ window: 1980 }, { window: 1981 }, { window: 1982 }]),
  'ten-bytes': volley(asked(), 'R.', [{ window: 0, data: 10 }]),
  'suricata-reject': volley(asked(), 'R.', [{ window: 501, df: false, ipId: 0 }]),
  'aol-proxy': volley(asked(), 'R.', [{ window: 62_780 }]),
};

describe.each(FINGERPRINTS.map((row) => [row.id, row] as const))('%s', (id, row) => {
  test('is known again', () => {
    expect(idsOf(BUILT[id]!)).toContain(id);
  });

  test('is dated, with a public source', () => {
    expect(row.source.length).toBeGreaterThan(10);
    for (const date of [row.firstSeen, row.lastConfirmed]) expect(date).toMatch(/^\d{4}(-\d\d(-\d\d)?)?$/);
    expect(row.lastConfirmed >= row.firstSeen).toBe(true);
  });
});

test.each(Object.entries(BUILT))('%s alone accuses no box', (_id, builder) => {
  const { verdict, because } = judge(builder.subject());
  expect(verdict.sender, because.map(({ says }) => says).join('; ')).not.toBe('middlebox');
});

test('beside a proof it is told, with its date and its limit', () => {
  const early = asked().server(0.101, 'R.', { plain: true, window: 0, data: 10 });
  const fact = maker.of(early.subject());
  expect(fact.known && fact.resembles.map(({ says }) => says)).toEqual([
    'it is built as by an injector in China that puts ten bytes into its RST (klzgrad/naiveproxy#558; reported 2023-09), which one connection cannot prove',
  ]);
  expect(
    judge(early.subject())
      .because.map(({ says }) => says)
      .join('\n'),
  ).toContain('naiveproxy#558');
});

test.each<[string, ConnectionBuilder]>([
  ['an abort by Linux', asked().server(0.14, 'R.')],
  ['a passive RST by Linux', asked().passive('responder', 0.14)],
  ['an abort by Windows', asked().server(0.14, 'R.', { plain: true, window: 0, ttl: 121 })],
])('%s looks like no injector', (_name, builder) => {
  expect(idsOf(builder)).toEqual([]);
});
