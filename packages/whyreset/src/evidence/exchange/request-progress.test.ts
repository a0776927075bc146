import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import requestProgress from './request-progress.ts';

function progressOf(builder: ConnectionBuilder) {
  const fact = requestProgress.of(builder.subject());
  if (!fact.known) throw new Error(fact.why);
  return fact;
}

const POST = 'POST /up HTTP/1.1\r\nContent-Length: 900\r\n\r\n';
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const asked = (head: string) => build().handshake().client(1, 'P.', { data: head });

test('a body that lacks bytes, whatever comes after the end', () => {
  const late = asked(POST).client(2, '.', { data: 400 }).server(61, 'F.').client(62, '.', { data: 500 });
  expect(progressOf(late)).toMatchObject({ sent: POST.length + 400, lacks: 500, extra: 0, bodied: true });
  expect(progressOf(late).age).toBeCloseTo(60);
  expect(progressOf(late).limits.map(({ id }) => id)).toContain('node-headers');
});

test('headers without their blank line', () => {
  expect(progressOf(asked('GET / HTTP/1.1\r\nHo').server(9, 'R.'))).toMatchObject({
    headersOpen: true,
    lacks: -1,
  });
});

test('a head that was cut by the snap length is not said to be open', () => {
  const builder = asked('GET / HTTP/1.1\r\nHost: a').server(9, 'R.');
  const connection = builder.connection();
  connection.originator.lastTurn!.head = connection.originator.lastTurn!.head.slice(0, 18);
  expect(requestProgress.of({ ...builder.subject(), connection })).toMatchObject({
    headersOpen: false,
    lacks: -1,
  });
});

test('a complete request, and what followed it unasked', () => {
  expect(progressOf(asked(GET).server(9, 'R.'))).toMatchObject({ lacks: 0, extra: 0, bodied: false });
  expect(progressOf(asked(GET + GET).server(9, 'R.'))).toMatchObject({ lacks: 0, extra: GET.length });
});

test('the rest of a body after an early answer belongs to the first request', () => {
  const early = asked(POST)
    .server(1.1, 'P.', { data: 'HTTP/1.1 413 No\r\n\r\n' })
    .client(1.2, '.', { data: 100 });
  expect(progressOf(early.server(1.3, 'R.'))).toMatchObject({ lacks: 800 });
});

test('with earlier answers the head of a continued request is not known', () => {
  const second = asked(GET)
    .server(1.1, 'P.', { data: 'HTTP/1.1 200 OK\r\n\r\n' })
    .client(2, 'P.', { data: POST })
    .server(2.1, 'P.', { data: 'HTTP/1.1 413 No\r\n\r\n' })
    .client(2.2, '.', { data: 100 });
  expect(requestProgress.of(second.server(2.3, 'R.').subject()).known).toBe(false);
});
