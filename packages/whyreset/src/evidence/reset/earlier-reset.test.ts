import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import earlierReset from './earlier-reset.ts';

const at = (builder: ConnectionBuilder) => earlierReset.of(builder.subject());

/** At the server: the client has asked, and refuses the answer. */
const asked = () => build().handshake(0.04).client(0.05, 'P.', { data: 100 });

test('a client that refuses the answer to its own request was reset out of view', () => {
  const fact = at(asked().server(0.09, 'P.', { data: 200 }).passive('originator', 0.091));
  expect(fact).toMatchObject({ known: true, side: 'originator', inUse: true });
  expect(fact.known && fact.says).toContain('a RST that is not in this capture');
});

test('a server whose bytes were still on their way was reset out of view as well', () => {
  const builder = asked()
    .server(0.09, 'P.', { data: 200, ack: 101 })
    .client(0.091, 'P.', { data: 50, ack: 1 });
  expect(at(builder.passive('responder', 0.131))).toMatchObject({
    known: true,
    side: 'responder',
    inUse: true,
  });
});

test('a server that had answered everything may have lost its state in any way', () => {
  const builder = asked().server(0.09, 'P.', { data: 200 }).client(0.1, '.').client(5, 'P.', { data: 100 });
  expect(at(builder.passive('responder', 5.04))).toMatchObject({ known: true, inUse: false });
});

test.each([
  [
    'it had closed',
    asked().client(0.06, 'F.').server(0.09, 'P.', { data: 200 }).passive('originator', 0.091),
  ],
  ['it aborts by itself', asked().server(0.09, 'P.', { data: 200 }).client(0.091, 'R.')],
  [
    'more of it was acknowledged than was captured, perhaps its FIN',
    asked().server(0.09, 'P.', { data: 200, ack: 102 }).passive('originator', 0.091),
  ],
  [
    'the capture misses packets of it',
    asked().server(0.09, 'P.', { data: 200 }).passive('originator', 0.091).side('originator', { gaps: 1 }),
  ],
])('nothing came before when %s', (_, builder) => {
  expect(at(builder).known).toBe(false);
});
