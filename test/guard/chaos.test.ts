/**
 * Every fault at every moment of a request, by every client, with bodies that can be sent again and bodies that come
 * once; executions are counted at the server. `npm run chaos:guard` has more rounds, methods and TLS.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cells } from './chaos/cells.ts';
import { type ChaosServer, complaints, type Encounter, encounters, startChaosServer } from './chaos/chaos.ts';
import { chaosClients } from './chaos/clients.ts';

let server: ChaosServer;
beforeAll(async () => {
  server = await startChaosServer();
});
afterAll(() => server.stop());

describe('every fault at every moment, on connections used before', () => {
  let met: Encounter[];
  beforeAll(async () => {
    const variation = { times: 1, method: 'POST', reused: true, kernel: 'auto' } as const;
    met = await encounters(server, cells(Object.keys(chaosClients), variation, 1));
  }, 60_000);

  it('executes no POST twice, hangs nowhere, and explains every error', () => {
    expect(met.flatMap(complaints)).toEqual([]);
  });

  it('fails where the request may have been executed, and answers where the close came first', () => {
    const reset = met.filter(
      ({ cell }) => cell.fault === 'execute, reset' && cell.moment === 'before the response',
    );
    expect(reset.length).toBeGreaterThan(0);
    expect(reset.every(({ error, executed }) => error !== null && executed === 1)).toBe(true);
    const closed = met.filter(({ cell }) => cell.fault === 'close' && cell.moment === 'after the response');
    expect(closed.length).toBeGreaterThan(0);
    expect(closed.filter(({ text }) => text === null).map(({ cell, error }) => [cell, error])).toEqual([]);
  });
});
