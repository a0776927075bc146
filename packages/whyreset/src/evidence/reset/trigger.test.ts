import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import trigger from './trigger.ts';

const asked = () => build().handshake().client(1, 'P.', { data: 100 });

test('the segment whose acknowledgement the RST carries', () => {
  expect(trigger.of(asked().passive('responder', 1.02).subject())).toMatchObject({
    known: true,
    packet: { number: 4 },
    acknowledged: null,
  });
});

test('a minute later it answers something else', () => {
  expect(trigger.of(asked().passive('responder', 61).subject())).toEqual({
    known: false,
    why: 'the RST came 60.0 s after the last packet that it could answer',
  });
});

test('over a slow path four round trips are allowed', () => {
  const slow = build().handshake(0.6).client(2, 'P.', { data: 100 }).passive('responder', 3.8);
  expect(trigger.of(slow.subject()).known).toBe(true);
});

test('a segment that the same side acknowledged was not refused by its stack', () => {
  const taken = asked().server(1.02, '.').passive('responder', 1.03);
  expect(trigger.of(taken.subject())).toMatchObject({ acknowledged: { number: 5 } });
  const after = asked().passive('responder', 1.02, { seq: 1 }).server(1.03, '.');
  expect(trigger.of(after.subject())).toMatchObject({ acknowledged: { number: 6 } });
});

test('of a repetition the first copy may have been acknowledged before the connection went', () => {
  const again = asked().server(1.02, '.').client(9, 'P.', { data: 100, seq: 1 }).passive('responder', 9.02);
  expect(trigger.of(again.subject())).toMatchObject({ packet: { number: 6 }, acknowledged: null });
});
