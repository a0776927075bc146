/**
 * A kernel whose counters cannot be true: gVisor leaves `tcpi_bytes_acked` at 0, a restored checkpoint counts anew. What it
 * says would prove that a request was never taken which the server has executed.
 */
import { GuardCore } from '@whyreset/guard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clients } from './helpers/clients.ts';
import { type FaultServer, startFaultServer } from './helpers/fault-server.ts';

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.stop());

const CONTRADICTORY = /counters contradict/;
const TCP_INFO = 11;
const BYTES_ACKED = 120;

/** What a kernel says instead of the bytes that were acknowledged. */
const LIES: Record<string, (acked: bigint) => bigint> = {
  'are always 0': () => 0n,
  'stay at 1': () => 1n,
  'began anew at a checkpoint': (acked) => (acked > 80n ? acked - 80n : 1n),
  'count every second byte': (acked) => 1n + (acked - 1n) / 2n,
  'count in units of a kilobyte': (acked) => 1n + acked / 1024n,
};

function lie(core: GuardCore, told: (acked: bigint) => bigint): void {
  const calls = core.kernel.calls!;
  const { getsockopt } = calls;
  calls.getsockopt = (fd, level, name, value, length) => {
    const result = getsockopt(fd, level, name, value, length);
    const view = new DataView(value.buffer, value.byteOffset);
    if (result === 0 && name === TCP_INFO)
      view.setBigUint64(BYTES_ACKED, told(view.getBigUint64(BYTES_ACKED, true)), true);
    return result;
  };
}

describe.skipIf(new GuardCore().kernel.calls === null).each(Object.entries(LIES))(
  'acknowledged bytes that %s',
  (_, told) => {
    for (const [name, make] of Object.entries(clients))
      it.each(['reset', 'close'])(`prove nothing to ${name} after a %s`, async (end) => {
        const warnings: string[] = [];
        const client = await make({ baseDelayMs: 1, maxDelayMs: 5, warn: (line) => warnings.push(line) });
        lie(client.core, told);
        const url = `http://127.0.0.1:${server.port}/`;
        for (const warm of [false, true]) {
          const id = `${name}-${end}-${warm}-${_}`;
          if (warm) await client.send(url, 'POST', { 'x-id': 'warm' }, 'hello');
          const failing = client.send(url, 'POST', { 'x-id': id, 'x-do': end }, 'hello');
          const error = await failing.then(
            () => null,
            (error) => error.whyreset ?? error.cause.whyreset,
          );
          expect(error).toMatchObject({ code: 'WHYRESET_MAY_HAVE_EXECUTED' });
          expect((await server.counts()).executed[id]).toBe(1);
        }
        expect(client.core.kernel.missing).toMatch(CONTRADICTORY);
        expect(warnings.filter((line) => CONTRADICTORY.test(line))).toHaveLength(1);
        await client.close();
      });
  },
);
