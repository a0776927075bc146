import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOneShot, ReplayBody } from './replay-body.ts';

const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));
async function read(body: AsyncIterable<unknown>, most = Number.POSITIVE_INFINITY) {
  const chunks: string[] = [];
  for await (const chunk of body) {
    chunks.push(String(chunk));
    if (chunks.length >= most) break;
  }
  return chunks.join('');
}

describe('a body that comes once', () => {
  it('comes again as often as asked, wherever an iteration was given up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 5 })),
        fc.array(fc.integer({ min: 1, max: 5 })),
        async (texts, breaks) => {
          const body = new ReplayBody(bytes(...texts), 1000);
          for (const most of breaks) await read(body, most);
          expect(await read(body)).toBe(texts.join(''));
          expect(await read(body)).toBe(texts.join(''));
          expect(body.replayable).toBe(true);
        },
      ),
    );
  });

  it('goes through whole when it is too much to be kept, and then not again', async () => {
    const body = new ReplayBody(bytes('aaa', 'bbb', 'ccc'), 5);
    expect(body.replayable).toBe(true);
    expect(await read(body)).toBe('aaabbbccc');
    expect(body.replayable).toBe(false);
  });

  it('never goes out with a hole in it', async () => {
    // The first iteration is given up while the source still works on the chunk that is too much.
    let release = () => {};
    async function* source() {
      yield Buffer.from('aaa');
      await new Promise<void>((done) => {
        release = done;
      });
      yield Buffer.from('bbb');
      yield Buffer.from('ccc');
    }
    const body = new ReplayBody(source(), 5);
    const first = body[Symbol.asyncIterator]();
    await first.next();
    void first.next();
    const second = read(body);
    setTimeout(() => release(), 5);
    await expect(second).rejects.toThrow('maxReplayBytes');
  });

  it('is let go when the request has failed', async () => {
    let closed = false;
    async function* source() {
      try {
        yield Buffer.from('a');
        yield Buffer.from('b');
      } finally {
        closed = true;
      }
    }
    const body = new ReplayBody(source(), 10);
    await read(body, 1);
    await body.cancel();
    expect(closed).toBe(true);
  });

  it('is a stream or an iterable, not memory', () => {
    expect(
      [Buffer.from('x'), new Uint8Array(1), new ArrayBuffer(1), new Blob([]), new FormData(), 'x', null].some(
        isOneShot,
      ),
    ).toBe(false);
    expect([[Buffer.from('x')], new ReadableStream(), (async function* () {})()].every(isOneShot)).toBe(true);
  });
});
