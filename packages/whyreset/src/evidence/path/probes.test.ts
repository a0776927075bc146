import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import probes from './probes.ts';

const probe = { data: 1, seq: 50, probe: true };
const quiet = () => build().handshake().client(1, 'P.', { data: 50 }).server(1.02, '.');

test('who probed last, unanswered', () => {
  const fact = probes.of(quiet().client(9, '.', probe).client(10, '.', probe).client(11, 'R.').subject());
  expect(fact).toMatchObject({ side: 'originator', count: 2, unanswered: [{ number: 6 }, { number: 7 }] });
});

test('an answer of the other side starts the count anew', () => {
  const fact = probes.of(quiet().client(9, '.', probe).server(9.02, '.').client(20, '.', probe).subject());
  expect(fact).toMatchObject({ unanswered: [{ number: 8 }], count: 2 });
});

test('nobody probed', () => {
  expect(probes.of(quiet().subject())).toMatchObject({ side: null, unanswered: [], count: 0 });
});
