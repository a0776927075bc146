/** What every guarded client does after a failure, and what it leaves alone. */
import net, { type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { DecisionEvent, ResetDetails } from '@whyreset/guard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clients } from './helpers/clients.ts';
import { type FaultServer, startFaultServer } from './helpers/fault-server.ts';

let server: FaultServer;
let url: string;
/** A port at which nobody listens. */
let deserted: string;
beforeAll(async () => {
  server = await startFaultServer();
  url = `http://127.0.0.1:${server.port}/`;
  const probe = net.createServer().listen(0, '127.0.0.1');
  await new Promise((done) => probe.once('listening', done));
  deserted = `http://127.0.0.1:${(probe.address() as AddressInfo).port}/`;
  await new Promise((done) => probe.close(done));
});
afterAll(() => server.stop());

type Explained = Error & {
  code?: string;
  whyreset?: ResetDetails;
  cause?: Error & { code?: string; whyreset?: ResetDetails };
};
const errorOf = (answer: Promise<unknown>) =>
  answer.then(
    () => {
      throw new Error('answered');
    },
    (error: Explained) => ({
      error,
      code: error.cause?.code ?? error.code,
      details: error.whyreset ?? error.cause?.whyreset,
    }),
  );

let serial = 0;
const fresh = () => `retry-${++serial}`;
const fast = { baseDelayMs: 1, maxDelayMs: 5 };

describe.each(Object.keys(clients))('%s', (name) => {
  const make = clients[name]!;

  it('repeats what may be executed twice, and not what may not', async () => {
    const client = await make(fast);
    for (const [method, headers, repeated] of [
      ['PUT', {}, true],
      ['DELETE', {}, true],
      ['POST', { 'Idempotency-Key': '1' }, true],
      ['POST', {}, false],
      ['PATCH', {}, false],
    ] as const) {
      const id = fresh();
      const answer = client.send(
        url,
        method,
        { ...headers, 'x-id': id, 'x-do': 'reset', 'x-times': '1' },
        'hello',
      );
      if (repeated) expect(await answer).toBe(200);
      else {
        const { code, details } = await errorOf(answer);
        expect(code).toBe('ECONNRESET');
        expect(details).toMatchObject({
          code: 'WHYRESET_MAY_HAVE_EXECUTED',
          end: 'rst',
          delivered: expect.any(String),
          attempts: 1,
          stopped: null,
        });
      }
      expect((await server.counts()).executed[id]).toBe(repeated ? 2 : 1);
    }
    await client.close();
  });

  it('gives a request a key when asked, the same for all its attempts', async () => {
    const client = await make({ ...fast, generateKey: true });
    const id = fresh();
    expect(await client.send(url, 'POST', { 'x-id': id, 'x-do': 'reset', 'x-times': '2' }, 'hello')).toBe(
      200,
    );
    const { keys } = await server.counts();
    expect(keys[id]).toHaveLength(3);
    expect(new Set(keys[id]).size).toBe(1);
    expect(keys[id]![0]).toMatch(/^[0-9a-f-]{36}$/);
    await client.close();
  });

  it('keeps a stream for a second attempt, up to its bound', async () => {
    const chunks = () => Readable.from([Buffer.alloc(30_000, 'a'), Buffer.alloc(30_000, 'b')]);
    const order = (id: string) => ({ 'x-id': id, 'x-do': 'reset', 'x-times': '1' });
    const client = await make(fast);
    const id = fresh();
    expect(await client.send(url, 'PUT', order(id), chunks())).toBe(200);
    expect((await server.counts()).executed[id]).toBe(2);
    await client.close();

    const small = await make({ ...fast, maxReplayBytes: 40_000 });
    const { details } = await errorOf(small.send(url, 'PUT', order(fresh()), chunks()));
    expect(details!.cause).toContain('body');
    await small.close();
  });

  it('takes 421 and 425 for proof, and 503 with Retry-After for a wish that it grants when it may', async () => {
    const client = await make(fast);
    for (const [method, order, status, tries] of [
      ['POST', 'status:421', 200, 2],
      ['POST', 'status:425', 200, 2],
      ['GET', 'status:503:0', 200, 2],
      ['GET', 'status:503', 503, 1],
      ['POST', 'status:503:0', 503, 1],
      ['GET', 'status:503:3600', 503, 1],
      ['POST', 'status:408', 408, 1],
    ] as const) {
      const id = fresh();
      expect(
        await client.send(
          url,
          method,
          { 'x-id': id, 'x-do': order, 'x-times': '1' },
          method === 'GET' ? undefined : 'x',
        ),
      ).toBe(status);
      expect((await server.counts()).tried[id], order).toBe(tries);
    }
    await client.close();
  });

  it('tries a deserted port a few times, and says that nothing was executed', async () => {
    const events: DecisionEvent[] = [];
    const client = await make({ ...fast, maxAttempts: 3, onDecision: (event) => void events.push(event) });
    const { code, details } = await errorOf(client.send(deserted, 'POST', {}, 'hello'));
    expect(code).toBe('ECONNREFUSED');
    expect(details).toMatchObject({
      code: 'WHYRESET_NOT_EXECUTED',
      end: 'connect',
      delivered: 'no',
      grade: 'P0',
      attempts: 3,
      stopped: 'attempts',
    });
    expect(events.map(({ stop }) => stop)).toEqual([null, null, 'attempts']);
    await client.close();
  });

  it('spends no more than its budget on a dead backend', async () => {
    const client = await make({ ...fast, budget: { floorPerSecond: 0 } });
    for (let batch = 0; batch < 10; batch++)
      await Promise.all(Array.from({ length: 20 }, () => errorOf(client.send(deserted, 'GET', {}))));
    const [stats] = client.core.stats();
    expect(stats!.requests).toBe(200);
    expect(stats!.attempts / stats!.requests).toBeGreaterThan(1.1);
    expect(stats!.attempts / stats!.requests).toBeLessThanOrEqual(1.2);
    expect(stats!.budgetExhausted).toBeGreaterThan(0);
    await client.close();
  });

  it('ends at the deadline, whatever it is doing', async () => {
    const waiting = await make({ baseDelayMs: 60_000, maxDelayMs: 60_000, deadlineMs: 200, maxAttempts: 50 });
    const early = await errorOf(waiting.send(deserted, 'GET', {}));
    expect(early.details!.stopped ?? early.code).toMatch(/deadline/i);
    await waiting.close();

    const silent = net.createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((done) => silent.once('listening', done));
    const client = await make({ deadlineMs: 50 });
    const { error } = await errorOf(
      client.send(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/`, 'GET', {}),
    );
    expect(error.code ?? error.cause?.code).toBe('WHYRESET_DEADLINE');
    await client.close();
    silent.close();
  });
});
