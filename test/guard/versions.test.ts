/** The checks of `npm run matrix:guard` on this Node, over the undicis that it can load. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultServer, startFaultServer } from './helpers/fault-server.ts';
import { checkVersion, type Undici } from './versions/check.ts';

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.stop());

const modern = Number(process.versions.node.split('.')[0]) >= 22;
const undicis = ['undici-6', 'undici-7', ...(modern ? ['undici-8'] : [])];

describe('the guard on this Node', () => {
  it.each(undicis)('over %s', async (name) => {
    expect(await checkVersion((await import(name)) as Undici, server)).toEqual({
      request: [],
      'fetch over it': [],
      'what it relies on': [],
    });
  });

  it('over its own undici, and under node:http', async () => {
    expect(await checkVersion(null, server)).toEqual({ fetch: [], 'node:http': [] });
  });
});
