/**
 * A server in this process whose connections are ended from outside, at any moment. It keeps to the one assumption of the
 * proofs: what arrives after it has closed its own direction is not executed.
 */
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

/** `half-close` goes on reading, and acts on nothing that it reads. */
export type Closing = 'close' | 'half-close' | 'reset';

interface Held {
  id: string;
  timer: NodeJS.Timeout;
}

export class MoodyServer {
  /** Executions by request id. */
  readonly executed = new Map<string, number>();
  readonly #server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    this.#accept(socket),
  );
  /** Open connections, and the request that each of them is busy with. */
  readonly #open = new Map<Socket, Held | null>();

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#open.size;
  }

  /** Ends the connection at this place, busy or not, counted from the oldest and round; nothing where there is none. */
  end(place: number, closing: Closing, busy: boolean): void {
    const able = [...this.#open].filter(([, held]) => (held !== null) === busy).map(([socket]) => socket);
    if (able.length > 0) this.#end(able[place % able.length]!, closing);
  }

  endAll(closing: Closing): void {
    for (const socket of [...this.#open.keys()]) this.#end(socket, closing);
  }

  close(): void {
    this.endAll('reset');
    this.#server.close();
  }

  #end(socket: Socket, closing: Closing): void {
    const held = this.#open.get(socket);
    if (held) clearTimeout(held.timer);
    this.#open.delete(socket);
    if (closing === 'reset') socket.resetAndDestroy();
    else if (closing === 'half-close') socket.end();
    else socket.destroySoon();
  }

  #accept(socket: Socket): void {
    this.#open.set(socket, null);
    let read = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      if (!this.#open.has(socket)) return;
      read += text;
      const end = read.indexOf('\r\n\r\n');
      const length = Number(/^content-length: (\d+)/im.exec(read)?.[1] ?? 0);
      if (end < 0 || read.length < end + 4 + length) return;
      const [, delay, id] = /^x-id: (\d+)-(\S+)/im.exec(read) ?? ['', '0', '?'];
      read = read.slice(end + 4 + length);
      this.executed.set(id!, (this.executed.get(id!) ?? 0) + 1);
      const answer = () => {
        this.#open.set(socket, null);
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      };
      this.#open.set(socket, { id: id!, timer: setTimeout(answer, Number(delay)) });
    });
    const gone = () => this.#open.delete(socket);
    socket
      .on('end', () => {
        gone();
        socket.end();
      })
      .on('error', gone)
      .on('close', gone);
  }
}
