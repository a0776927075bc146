/**
 * Every way in which a connection can end under a POST, on real sockets, by every client. What the server executed is
 * counted by the server. Nothing may be executed twice, and where the kernel can be asked, what was not executed and
 * can be proven so must be answered.
 */
import { Readable } from 'node:stream';
import type { ResetDetails } from '@whyreset/guard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from './helpers/certificate.ts';
import { type Client, clients } from './helpers/clients.ts';
import { ENDINGS, type Ending } from './helpers/endings.ts';
import { busy, type FaultServer, sleep, startFaultServer } from './helpers/fault-server.ts';

const certificate = selfSigned();
let plain: FaultServer;
let six: FaultServer;
let secure: FaultServer;
beforeAll(async () => {
  [plain, six, secure] = await Promise.all([
    startFaultServer(),
    startFaultServer({ host: '::1' }),
    startFaultServer({ secure: certificate }),
  ]);
});
afterAll(async () => {
  await Promise.all([plain, six, secure].map((server) => server.stop()));
  certificate.remove();
});

let serial = 0;

async function meet(
  client: Client,
  server: FaultServer,
  base: string,
  row: Ending,
  body: () => string | Buffer | Readable,
) {
  const id = `row-${++serial}`;
  const url = `${base}:${server.port}/`;
  await client.send(url, 'GET', { 'x-id': `${id}-warm`, ...(row.after ? { 'x-then': row.after } : {}) });
  await sleep(row.pause - 30);
  busy(30);
  const headers = { 'x-id': id, ...(row.act ? { 'x-do': row.act } : {}) };
  const answer = client.send(url, 'POST', headers, body());
  const outcome = await answer.then(
    (status) => ({ status, error: null }),
    (error: Error & { whyreset?: ResetDetails; cause?: { whyreset?: ResetDetails } }) => ({
      status: null,
      error,
    }),
  );
  const { executed } = await server.counts();
  return { ...outcome, executed: executed[id] ?? 0 };
}

const paths: Record<string, () => [string, FaultServer]> = {
  IPv4: () => ['http://127.0.0.1', plain],
  IPv6: () => ['http://[::1]', six],
  TLS: () => ['https://127.0.0.1', secure],
};

describe.each(Object.keys(clients))('by %s', (name) => {
  for (const [path, at] of Object.entries(paths)) {
    // fetch has no way to accept a certificate that nobody vouches for.
    if (name === 'fetch' && path === 'TLS') continue;
    for (const kernel of ['auto', 'none'] as const) {
      describe(`over ${path}, the kernel ${kernel === 'auto' ? 'asked' : 'not asked'}`, () => {
        it.each(Object.keys(ENDINGS))('%s', async (title) => {
          const row = ENDINGS[title]!;
          const client = await clients[name]!({ kernel });
          try {
            const [base, server] = at();
            for (const body of [
              () => 'hello',
              () => Buffer.alloc(200_000, 'x'),
              () => Readable.from([Buffer.from('he'), Buffer.from('llo')]),
            ]) {
              const outcome = await meet(client, server, base, row, body);
              if (outcome.status !== null) {
                // Answered: by the connection that failed or, after a proof or in time, by another. Once.
                expect(outcome.executed).toBe(1);
                expect(row.executed).toBe(0);
              } else {
                expect(outcome.executed).toBe(row.executed);
                const details = outcome.error!.whyreset ?? outcome.error!.cause?.whyreset;
                expect(details).toMatchObject({ delivered: expect.not.stringMatching('^no$') });
                expect(details!.advice.length).toBeGreaterThan(20);
              }
              if (row.proven && kernel === 'auto') expect(outcome.status).toBe(200);
            }
          } finally {
            await client.close();
          }
        });
      });
    }
  }
});
