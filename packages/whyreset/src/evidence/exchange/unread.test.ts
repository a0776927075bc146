import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import unread from './unread.ts';

function unreadOf(builder: ConnectionBuilder) {
  const fact = unread.of(builder.subject());
  if (!fact.known) throw new Error(fact.why);
  return fact;
}

test('an upload that was cut', () => {
  const cut = build()
    .handshake()
    .client(0.1, '.', { data: 1448 })
    .server(0.12, '.')
    .client(0.13, '.', { data: 1448 });
  expect(unreadOf(cut.server(0.14, 'R.', { ack: 1449 }))).toMatchObject({ beyondAck: 1448, midTurn: true });
});

test('a new request that met the RST on the way was no unread data', () => {
  const met = build()
    .handshake()
    .client(0.1, 'P.', { data: 100 })
    .server(0.12, 'P.', { data: 50 })
    .client(9, 'P.', { data: 100 })
    .server(9.01, 'R.', { ack: 101 });
  expect(unreadOf(met)).toMatchObject({ beyondAck: 100, midTurn: false });
});

test('an upload goes on although the other side said something in between', () => {
  const tls = build()
    .handshake()
    .client(0.1, '.', { data: 300 })
    .server(0.12, 'P.', { data: 90 })
    .client(0.13, '.', { data: 1448 })
    .client(0.14, '.', { data: 1448 })
    .server(0.15, 'R.', { ack: 1749 });
  expect(unreadOf(tls)).toMatchObject({ beyondAck: 1448, midTurn: true });
});

test('a window that had shrunk by more than half', () => {
  const stuck = build()
    .handshake()
    .server(0.1, '.', { window: 500 })
    .client(0.2, '.', { data: 1448 })
    .server(0.3, '.', { window: 90 });
  expect(unreadOf(stuck.server(0.4, 'R.'))).toMatchObject({
    shrunk: { number: 6 },
    largest: 500,
    smallest: 90,
  });
});

test('the window of a SYN is not scaled, and no measure', () => {
  expect(
    unreadOf(
      build().handshake().client(0.1, 'P.', { data: 9 }).server(0.2, '.', { window: 60 }).server(0.3, 'R.'),
    ).shrunk,
  ).toBeNull();
});
