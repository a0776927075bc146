import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import overtaken from './overtaken.ts';

/** The server answers with two parts and a FIN; the second part and the FIN wait in a queue that its RST passes. */
const answered = () =>
  build()
    .client(0, 'S', { ts: 1000 })
    .server(0.04, 'S.', { ts: 5020, echo: 1000 })
    .client(0.04, '.', { ts: 1040, echo: 5020 })
    .client(0.05, 'P.', { data: 100, ts: 1050, echo: 5020 })
    .server(0.09, 'P.', { data: 1448, ts: 5070, echo: 1050 })
    .client(0.1, 'P.', { data: 10, ts: 1100, echo: 5070 })
    .passive('responder', 0.14);

test('a FIN that the RST overtook is dated by its timestamps', () => {
  const fact = overtaken.of(
    answered()
      .server(0.2, 'P.', { data: 1448, ts: 5070, echo: 1050 })
      .server(0.25, 'F.', { ts: 5071, echo: 1050 })
      .subject(),
  );
  expect(fact).toMatchObject({ known: true, packets: [{ number: 8 }, { number: 9 }], fin: { number: 9 } });
});

test('what was sent after the RST is not overtaken, though it echoes an old timestamp', () => {
  const fact = overtaken.of(answered().server(0.4, 'P.', { data: 5, ts: 5380, echo: 1050 }).subject());
  expect(fact.known).toBe(false);
});

test('without timestamps nothing is dated', () => {
  const fact = overtaken.of(
    build()
      .handshake(0.04)
      .client(0.05, 'P.', { data: 100, plain: true })
      .passive('responder', 0.09)
      .server(0.1, 'F.', { plain: true })
      .subject(),
  );
  expect(fact.known).toBe(false);
});
