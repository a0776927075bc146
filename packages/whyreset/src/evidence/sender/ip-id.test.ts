import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import ipId from './ip-id.ts';

const sent = (...ids: number[]) =>
  ids.reduce(
    (b, id, i) => b.client(i + 1, 'P.', { data: 9 }).server(i + 1.02, 'P.', { data: 9, ipId: id }),
    build().handshake(),
  );

test.each([
  ['a counter that goes on', [100, 101, 102], 103, 'counter', true],
  ['a counter that was elsewhere meanwhile', [100, 140, 190], 900, 'counter', true],
  ['a counter that wraps', [65_534, 65_535], 0, 'counter', true],
  ['not of that counter', [100, 101, 102], 40_000, 'counter', false],
  ['always zero', [0, 0, 0], 0, 'zero', true],
  ['random, which tells nothing', [51_000, 9000, 33_000], 12_345, 'random', true],
] as const)('%s', (_name, ids, last, source, fits) => {
  const fact = ipId.of(
    sent(...ids)
      .server(9, 'R.', { ipId: last })
      .subject(),
  );
  expect(fact).toMatchObject({ known: true, source, fits });
});

test('zero on a bare RST is Linux’s own hand', () => {
  expect(ipId.of(sent(100, 101).passive('responder', 9).subject())).toMatchObject({ fits: true });
});

test('a SYN-ACK is no baseline, and IPv6 has none', () => {
  expect(ipId.of(build().handshake().server(1, 'R.').subject()).known).toBe(false);
  expect(ipId.of(sent(-1, -1).server(9, 'R.', { ipId: -1 }).subject()).known).toBe(false);
});
