import fc from 'fast-check';
import { expect, it } from 'vitest';
import { responseHead, statusOf } from './response-head.ts';

it('reads a status from the first twelve bytes of an HTTP/1 response and from nothing else', () => {
  expect(statusOf(Buffer.from('HTTP/1.1 503 '))).toBe(503);
  expect(statusOf(Buffer.from('HTTP/1.0 200'))).toBe(200);
  for (const text of ['HTTP/1.1 50', 'HTTP/2.0 200 ', 'HTTP/1.1 5x3 ', 'http/1.1 200 ', 'SSH-2.0-OpenSSH'])
    expect(statusOf(Buffer.from(text)), text).toBeNull();
});

it('reads what a retry depends on once the head is whole', () => {
  const text = 'HTTP/1.1 408 Request Timeout\r\nCONNECTION: keep-alive, Close\r\nRetry-After:  3 \r\n';
  expect(responseHead(Buffer.from(text))).toBeNull();
  expect(responseHead(Buffer.from(`${text}\r\nbody`))).toEqual({
    status: 408,
    closes: true,
    retryAfter: '3',
  });
  expect(responseHead(Buffer.from('HTTP/1.1 503 x\r\nx-connection: close\r\n\r\n'))).toEqual({
    status: 503,
    closes: false,
    retryAfter: null,
  });
});

it('survives any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
      responseHead(Buffer.from(tail));
      responseHead(Buffer.concat([Buffer.from('HTTP/1.1 503 '), tail, Buffer.from('\r\n\r\n')]));
    }),
  );
});
