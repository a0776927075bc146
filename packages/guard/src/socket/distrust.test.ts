import net, { type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GuardCore } from '../guard-core.ts';
import { SocketWatch } from './watch.ts';

const TCP_INFO = 11;
/** Of struct tcp_info: tcpi_bytes_acked. */
const BYTES_ACKED = [120, 128] as const;

let server: Server;
beforeAll(
  () =>
    new Promise<void>((listening) => {
      server = net.createServer((socket) => {
        socket.on('error', () => {});
        // Executes the second request, and closes without an answer.
        let requests = 0;
        socket.on('data', () => (requests++ === 0 ? socket.write('ok') : socket.end()));
      });
      server.listen(0, '127.0.0.1', listening);
    }),
);
afterAll(() => void server.close());

/** What a request was told of that was executed, on a kernel whose counter is changed as gVisor and a checkpoint do. */
async function facts(change: (value: Uint8Array) => void) {
  const warnings: string[] = [];
  const core = new GuardCore({ warn: (text) => void warnings.push(text) });
  const { calls } = core.kernel;
  if (calls === null) return null;
  const { getsockopt } = calls;
  calls.getsockopt = (fd, level, name, value, length) => {
    const result = getsockopt(fd, level, name, value, length);
    if (name === TCP_INFO) change(value);
    return result;
  };
  const socket = net.connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    allowHalfOpen: true,
  });
  await new Promise((done) => socket.once('connect', done));
  const watch = new SocketWatch(socket, core, core.origin('test:'));
  watch.begin(core.now());
  socket.write('first');
  await new Promise((done) => socket.once('data', done));
  watch.finished(core.now(), null);
  watch.begin(core.now());
  socket.write('second');
  // Our own FIN would count among the bytes.
  await new Promise((done) =>
    socket
      .resume()
      .once('end', () => socket.destroy())
      .once('close', done),
  );
  const { ackedBytes, acceptedBytes, afterClose } = watch.facts();
  return { ackedBytes, acceptedBytes, afterClose, backend: core.kernel.backend, warnings: warnings.length };
}

it.skipIf(new GuardCore({ warn: () => {} }).kernel.calls === null)(
  'a kernel whose counters contradict what was written is not believed, and that is said once',
  async () => {
    const nothing = { ackedBytes: null, acceptedBytes: null, afterClose: null, backend: 'none', warnings: 1 };
    // gVisor: always 0.
    expect(await facts((value) => value.fill(0, ...BYTES_ACKED))).toEqual(nothing);
    // A restored checkpoint: counts from the restore on, so too little.
    expect(
      await facts((value) => {
        const view = new DataView(value.buffer, value.byteOffset);
        const bytes = Number(view.getBigUint64(BYTES_ACKED[0], true));
        view.setBigUint64(BYTES_ACKED[0], BigInt(Math.max(0, bytes - 4)), true);
      }),
    ).toEqual(nothing);
    expect(await facts(() => {})).toEqual({
      ackedBytes: 6,
      acceptedBytes: 6,
      afterClose: null,
      backend: expect.stringMatching(/koffi|node:ffi/),
      warnings: 0,
    });
  },
);
