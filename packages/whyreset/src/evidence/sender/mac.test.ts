import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import mac from './mac.ts';

const OWN = '02:00:00:00:00:02';
const OTHER = '02:00:00:00:00:99';
const served = (ttl: number) =>
  build().client(0, 'S').server(0.001, 'S.', { mac: OWN, ttl }).client(0.001, '.').server(1, '.', { ttl });

test('the same card', () => {
  expect(mac.of(served(64).server(1.1, 'R.', { mac: OWN, ttl: 64 }).subject())).toMatchObject({
    differs: false,
  });
});

test('another card on the segment, a moment after the usual one', () => {
  const fact = mac.of(served(64).server(1.1, 'R.', { mac: OTHER, ttl: 64 }).subject());
  expect(fact).toMatchObject({ differs: true, sameSegment: true, recent: true });
});

test('behind a router the card is the router’s', () => {
  const fact = mac.of(served(57).server(1.1, 'R.', { mac: OTHER }).subject());
  expect(fact).toMatchObject({ differs: true, sameSegment: false });
});

test('after a silence the address may have moved', () => {
  const fact = mac.of(served(64).server(30, 'R.', { mac: OTHER, ttl: 64 }).subject());
  expect(fact).toMatchObject({ sameSegment: true, recent: false });
});

test('no link layer, nothing to compare', () => {
  expect(mac.of(build().handshake().server(1, 'R.').subject()).known).toBe(false);
});
