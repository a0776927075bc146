import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import zeroWindow from './zero-window.ts';

const full = () => build().handshake().client(1, '.', { data: 1000 }).server(1.02, '.', { window: 0 });

test('a window that stays closed until the end', () => {
  expect(zeroWindow.of(full().server(3, 'R.').subject())).toMatchObject({
    known: true,
    originator: null,
    responder: { number: 5 },
  });
});

test('a window that opened again was only a pause', () => {
  expect(zeroWindow.of(full().server(2, '.', { window: 300 }).server(3, 'R.').subject()).known).toBe(false);
});
