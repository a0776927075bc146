import { expect, test } from 'vitest';
import type { IcmpError } from '../../connection/connection.ts';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import segmentSizes from './segment-sizes.ts';

/** A first message of `first` bytes that arrives, and a second of `second` that does not. */
function exchange(first: number, second: number): ConnectionBuilder {
  const seq = first + 1;
  return build()
    .handshake()
    .client(0.1, 'P.', { data: first })
    .server(0.12, 'P.', { data: 50 })
    .client(0.2, '.', { data: second })
    .client(0.5, '.', { data: second, seq })
    .client(1.1, '.', { data: second, seq });
}

const tooBig = (number: number, mtu: number): IcmpError => ({
  number,
  time: 0.3,
  reporter: '10.0.9.9',
  type: 3,
  code: 4,
  mtu,
  about: 'originator',
});

test('sizes on the wire, headers included, of what came through and what did not', () => {
  expect(segmentSizes.of(exchange(60, 1448).subject())).toMatchObject({
    known: true,
    side: 'originator',
    lost: 1500,
    arrived: 112,
    dontFragment: true,
    whole: true,
    alive: null,
    tooBig: null,
  });
});

test('as large a packet had arrived: the size is not the reason', () => {
  expect(segmentSizes.of(exchange(1448, 1448).subject())).toMatchObject({ known: false });
});

test('packets that every path carries are never too large', () => {
  expect(segmentSizes.of(exchange(60, 400).subject())).toMatchObject({ known: false });
});

test('without DF a router would have cut it', () => {
  const builder = exchange(60, 1448).client(2, '.', { data: 1448, seq: 61, df: false });
  expect(segmentSizes.of(builder.subject())).toMatchObject({ dontFragment: false });
});

test('a router that says so, heeded or not', () => {
  const heard = exchange(60, 1448).with({ icmp: [tooBig(6, 1400)] });
  expect(segmentSizes.of(heard.subject())).toMatchObject({
    tooBig: { mtu: 1400 },
    despite: [{ number: 7 }, { number: 8 }],
  });
  const other = exchange(60, 1448).with({ icmp: [{ ...tooBig(6, 1400), about: 'responder' }] });
  expect(segmentSizes.of(other.subject())).toMatchObject({ tooBig: null, despite: [] });
});
