import { expect, test } from 'vitest';
import type { IcmpError } from '../../connection/connection.ts';
import { build } from '../testing/connection.ts';
import icmp from './icmp.ts';

const error = (changes: Partial<IcmpError>): IcmpError => ({
  number: 9,
  time: 0.1,
  reporter: '10.0.9.9',
  type: 3,
  code: 13,
  mtu: 0,
  about: 'originator',
  ...changes,
});
const factOf = (errors: IcmpError[], builder = build().client(0, 'S')) =>
  icmp.of(builder.with({ icmp: errors }).subject());

test('a box that forbids names itself', () => {
  expect(factOf([error({ code: 1 }), error({ number: 10 })])).toMatchObject({
    rejection: { number: 10 },
    withResets: [],
    says: '10.0.9.9 answered a packet of the client with ICMP 3/13, communication administratively prohibited',
  });
});

test('the host itself refuses', () => {
  const fact = factOf([error({ reporter: '10.0.0.2', code: 3 })]);
  expect(fact.known && fact.says).toBe(
    'the server’s own host answered a packet of the client with ICMP 3/3, port unreachable',
  );
});

test('an error of the path forbids nothing', () => {
  expect(factOf([error({ code: 1 })])).toMatchObject({ rejection: null });
  expect(factOf([error({ reporter: '2001:db8::9', type: 2, code: 0 })])).toMatchObject({ rejection: null });
  expect(factOf([error({ reporter: '2001:db8::9', type: 1, code: 1 })])).toMatchObject({
    rejection: { type: 1 },
  });
});

test('RSTs in both names beside it are one decision of one box', () => {
  const cut = build()
    .handshake()
    .client(0.05, 'P.', { data: 100 })
    .server(0.1, 'R.')
    .client(0.1, 'R.', { ttl: 60 });
  expect(factOf([error({})], cut)).toMatchObject({ withResets: [6, 5] });
  expect(factOf([error({ time: 9 })], cut)).toMatchObject({ withResets: [] });
});

test('no error, no fact', () => {
  expect(icmp.of(build().client(0, 'S').subject()).known).toBe(false);
});
