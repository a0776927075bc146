/**
 * The server of the bench, a process of its own: raw HTTP/1.1 over `net`, which counts executions per request id. Closes
 * an idle connection with a full close; may execute a request and then reset, or be dead: reset whatever comes.
 * Options as JSON in the first argument; prints its port; answers a {@link Question} with its counts.
 */
import net, { type AddressInfo, type Socket } from 'node:net';
import { Ledger, type Question } from './ledger.ts';

export interface ServerOptions {
  host: string;
  /** Milliseconds after which an idle connection is closed; 0: never. */
  idle?: number;
  /** Seconds promised by `Keep-Alive: timeout`; no such header when left out. */
  hint?: number;
  /** Part of the requests that is executed and then answered by a reset. */
  resetShare?: number;
  /** Resets every connection at its first bytes, and executes nothing. */
  dead?: boolean;
}

const options = JSON.parse(process.argv[2]!) as ServerOptions;
const { host, idle = 0, hint, resetShare = 0, dead = false } = options;
const ledger = new Ledger();
const keepAlive = hint === undefined ? '' : `Keep-Alive: timeout=${hint}\r\n`;
const answer = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${keepAlive}\r\nok`);

function serve(socket: Socket): void {
  ledger.connections += 1;
  let rest = '';
  let timer: NodeJS.Timeout | undefined;
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('close', () => clearTimeout(timer));
  socket.on('data', (chunk) => {
    clearTimeout(timer);
    if (dead) {
      ledger.requests += 1;
      socket.resetAndDestroy();
      return;
    }
    rest += chunk.toString('latin1');
    for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
      const head = rest.slice(0, end).toLowerCase();
      const length = Number(/\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0);
      if (rest.length < end + 4 + length) break;
      rest = rest.slice(end + 4 + length);
      ledger.execute(/\nx-id: *(\S+)/.exec(head)?.[1] ?? '');
      if (Math.random() < resetShare) {
        socket.resetAndDestroy();
        return;
      }
      socket.write(answer);
    }
    if (idle > 0) timer = setTimeout(() => socket.destroy(), idle);
  });
}

const server = net.createServer(serve).listen({ port: 0, host, backlog: 1024 }, () => {
  process.send!({ port: (server.address() as AddressInfo).port });
});
process.on('message', (question: Question) => process.send!(ledger.counts(question)));
process.on('disconnect', () => process.exit());
