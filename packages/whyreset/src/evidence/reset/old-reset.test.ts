import { expect, test } from 'vitest';
import type { Predecessor } from '../../connection/connection.ts';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import oldReset from './old-reset.ts';

const OLD: Predecessor = {
  end: -3,
  open: false,
  established: true,
  ttl: 64,
  tsVal: -1,
  tsTime: -1,
  next: 700_000_000,
  peerNext: 800_000_000,
};
const RESPONDER = 3_000_000_000;

/** A new connection in which the server's address resets with the given raw number. */
const reset = (raw: number) =>
  build()
    .handshake()
    .server(0.5, 'R', { seq: raw - RESPONDER, window: 0, plain: true });
const factOf = (builder: ConnectionBuilder) => oldReset.of(builder.with({ predecessor: OLD }).subject());

test('a RST with the numbers of the connection before', () => {
  const fact = factOf(reset(800_000_000));
  expect(fact).toMatchObject({ known: true, packet: { number: 4 }, gap: 3.5 });
  expect(factOf(reset(799_990_000)).known).toBe(true);
});

test('a RST with the numbers of this one, or of neither', () => {
  expect(factOf(reset(RESPONDER + 1)).known).toBe(false);
  expect(factOf(reset(1_500_000_000)).known).toBe(false);
  expect(factOf(reset(800_100_000)).known).toBe(false);
});

test('numbers of both that lie together decide nothing', () => {
  const builder = reset(RESPONDER + 1).with({ predecessor: { ...OLD, peerNext: RESPONDER + 100 } });
  expect(oldReset.of(builder.subject()).known).toBe(false);
});

test('without a connection before there is none to belong to', () => {
  expect(oldReset.of(reset(800_000_000).subject()).known).toBe(false);
});
