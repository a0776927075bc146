import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { descriptorOf, openKernel } from './index.ts';
import { socketState, TCP_STATE } from './socket-state.ts';

async function pair() {
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect({ port: (server.address() as AddressInfo).port, allowHalfOpen: true });
  client.on('error', () => {});
  const [[accepted]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
  const close = () => [client, accepted].forEach((socket: net.Socket) => void socket.destroy());
  server.close();
  return { client, accepted: accepted as net.Socket, close };
}

describe('the kernel', () => {
  it('says what is lost where there is no way to ask it', () => {
    for (const kernel of [openKernel('none'), openKernel('auto', 'darwin')]) {
      expect(kernel).toMatchObject({ backend: 'none', calls: null });
      expect(kernel.missing).toMatch(/P2.*koffi/);
    }
    if (Number(process.versions.node.split('.')[0]) < 26)
      expect(openKernel('node:ffi').missing).toContain('node:ffi');
  });
});

describe.skipIf(process.platform !== 'linux')('a socket, asked through the kernel', () => {
  const { calls, backend } = openKernel();

  it('has the installed backend', () => expect(backend).toBe('koffi'));

  it('counts what the peer acknowledged and what is still queued, the SYN as one', async () => {
    const { client, close } = await pair();
    const fd = descriptorOf(client)!;
    const fresh = socketState(calls!, fd)!;
    expect(fresh).toMatchObject({ state: TCP_STATE.established, bytesAcked: 1, sendQueue: 0 });
    expect(fresh.minRttMs).toBeGreaterThan(0);
    await new Promise<unknown>((done) => client.write(Buffer.alloc(100), done));
    const later = socketState(calls!, fd)!;
    // The peer's kernel acknowledges in its own time; no byte is ever in neither count.
    expect(later.bytesAcked + later.sendQueue).toBeGreaterThanOrEqual(101);
    close();
  });

  it('knows of a FIN before Node has looked', async () => {
    const { client, accepted, close } = await pair();
    const fd = descriptorOf(client)!;
    accepted.end();
    await once(accepted, 'finish');
    await once(client.resume(), 'end');
    expect(socketState(calls!, fd)!.state).toBe(TCP_STATE.closeWait);
    close();
  });

  it('is silent about a descriptor that is no socket', () => {
    expect(socketState(calls!, 1 << 20)).toBeNull();
    expect(descriptorOf(new net.Socket())).toBeNull();
  });
});
