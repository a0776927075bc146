/**
 * A server in a process of its own, so that a busy client does not hold it up. Speaks HTTP/1.1 over `net` or `tls`
 * by hand, because what it is for is to end connections in every way. Counts executions per request id (`x-id`).
 *
 * What happens after an answer is ordered by the request that it answers, in `x-then`:
 *   idle:MS               close the connection when it has been idle for so long
 *   half-close:WHAT:MS    end the own direction after MS; a further request is read and executed, then WHAT
 *                         (reset | close)
 *   vanish:MS             after MS, be gone without a packet (needs root)
 *   ignore:WHAT:MS        stop reading; after MS, WHAT (reset | close) with the next request unread
 * What happens to a request itself, in `x-do`:
 *   reset, reset:MS       execute, then reset, at once or later
 *   close                 execute, then close without an answer
 *   head-close            execute on the head, then close with the body unread
 *   status:NNN[:SECONDS]  answer so, not executed (with Retry-After)
 * With `x-times: N` only to the first N requests of that id.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';

const { idle = 0, hint = null, secure = null, host = '127.0.0.1' } = JSON.parse(process.argv[2] ?? '{}');
const executed = {};
const tried = {};
const keys = {};
let connections = 0;
let requests = 0;

function serve(socket) {
  connections += 1;
  let bytes = '';
  let timer = null;
  let idleMs = idle;
  let afterRequest = null;
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('end', () => socket.end());
  socket.on('close', () => clearTimeout(timer));
  // Under TLS the TCP socket is the parent, which alone can send a RST.
  const end = (how) => (how === 'reset' ? (socket._parent ?? socket).resetAndDestroy() : socket.destroy());
  socket.on('data', (chunk) => {
    clearTimeout(timer);
    bytes += chunk.toString('latin1');
    for (;;) {
      const headEnd = bytes.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = bytes.slice(0, headEnd);
      const field = (name) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim();
      const id = field('x-id') ?? 'none';
      const ordered = (tried[id] ?? 0) < Number(field('x-times') ?? Infinity);
      const [act, ...args] = (ordered ? (field('x-do') ?? '') : '').split(':');
      const execute = () => {
        executed[id] = (executed[id] ?? 0) + 1;
      };
      if (act === 'head-close') {
        tried[id] = (tried[id] ?? 0) + 1;
        execute();
        socket.pause();
        setTimeout(() => socket.destroy(), 5);
        return;
      }
      let length = Number(field('content-length') ?? 0);
      const bodyStart = headEnd + 4;
      if (/^transfer-encoding: *chunked/im.test(head)) {
        const last = bytes.indexOf('0\r\n\r\n', headEnd + 2);
        if (last < 0) return;
        length = last + 5 - bodyStart;
      }
      if (bytes.length < bodyStart + length) return;
      bytes = bytes.slice(bodyStart + length);
      requests += 1;
      tried[id] = (tried[id] ?? 0) + 1;
      const key = field('idempotency-key');
      if (key !== undefined) {
        keys[id] ??= [];
        keys[id].push(key);
      }
      if (act === 'status') {
        socket.write(
          `HTTP/1.1 ${args[0]} Status\r\nContent-Length: 0\r\n${args[1] === undefined ? '' : `Retry-After: ${args[1]}\r\n`}\r\n`,
        );
        continue;
      }
      execute();
      if (act === 'reset' || act === 'close') {
        setTimeout(() => end(act), Number(args[0] ?? 0));
        return;
      }
      if (afterRequest !== null) {
        setTimeout(() => end(afterRequest), 5);
        return;
      }
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${hint === null ? '' : `Keep-Alive: timeout=${hint}\r\n`}\r\nok`,
      );
      const [then, ...how] = (field('x-then') ?? '').split(':');
      if (then === 'idle') idleMs = Number(how[0]);
      if (then === 'half-close') {
        afterRequest = how[0];
        setTimeout(() => socket.end(), Number(how[1] ?? 0));
      }
      if (then === 'vanish') {
        setTimeout(() => vanish(socket), Number(how[0]));
        return;
      }
      if (then === 'ignore') {
        socket.pause();
        setTimeout(() => end(how[0]), Number(how[1]));
        return;
      }
      if (idleMs > 0) timer = setTimeout(() => socket.destroy(), idleMs);
    }
  });
}

/** In repair mode a socket is closed without a word (net/ipv4/tcp.c, tcp_close). */
function vanish(socket) {
  const IPPROTO_TCP = 6;
  const TCP_REPAIR = 19;
  const setsockopt = createRequire(import.meta.url)('koffi')
    .load(null)
    .func('int setsockopt(int, int, int, const int *, uint32_t)');
  const { fd } = (socket._handle?._parent ?? socket._handle) || {};
  if (fd === undefined) return; // the client has left before
  if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, [1], 4) !== 0) throw new Error('TCP_REPAIR was refused');
  (socket._parent ?? socket).destroy();
}

const server = secure
  ? tls.createServer(
      { key: readFileSync(secure.key), cert: readFileSync(secure.cert), allowHalfOpen: true },
      serve,
    )
  : net.createServer({ allowHalfOpen: true }, serve);
server.on('tlsClientError', () => {});
server.listen(0, host, () => process.send({ port: server.address().port }));
process.on('message', (message) => {
  if (message === 'counts') process.send({ counts: { executed, tried, keys, connections, requests } });
});
process.on('disconnect', () => process.exit());
