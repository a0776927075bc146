/**
 * A server in a process of its own that ends connections at any moment of a request. It knows what to do by the address
 * at which it was reached: any of 127/8 can be armed with a cell (see cells.ts). Answers with the request's id, and
 * counts executions by id. A cell strikes from the request on that follows its warming one, if it is to be reused.
 *
 *   reset                RST
 *   close                FIN, and nothing is read any more
 *   half-close           FIN; goes on reading and executes nothing
 *   half-close, execute  FIN; goes on reading, and executes what it reads
 *   hang                 says and reads nothing any more
 *   close unread         stops reading, and closes a moment later
 *   truncate head, body  an answer that breaks off, then FIN
 *   execute, reset       executes as soon as the id is known, then RST
 */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

const { secure = null } = JSON.parse(process.argv[2] ?? '{}');
/** Milliseconds: "within" and "idle" are a little later than the event before. */
const LATER = 2;
const IDLE = 15;

const cells = new Map();
const executed = {};

function serve(socket) {
  const cell = cells.get(socket.localAddress) ?? { left: 0, warm: 0 };
  let bytes = '';
  /** What has been ordered for this connection: it does nothing else any more. */
  let over = null;
  /** A strike is about to come: what arrives until then is not read. */
  let struck = false;
  socket.on('error', () => {});
  socket.on('end', () => socket.end());
  const tcp = () => socket._parent ?? socket;
  const field = (name) => new RegExp(`^${name}: *(.*)$`, 'im').exec(bytes)?.[1]?.trim();
  const execute = (id) => {
    if (id !== undefined) executed[id] = (executed[id] ?? 0) + 1;
  };

  const strike = (moment, id, done) => {
    if (over !== null || cell.moment !== moment || cell.left <= 0 || cell.warm > 0) return false;
    cell.left -= 1;
    over = cell.fault;
    switch (cell.fault) {
      case 'reset':
        tcp().resetAndDestroy();
        break;
      case 'execute, reset':
        if (!done) execute(id);
        tcp().resetAndDestroy();
        break;
      case 'close':
        socket.destroySoon();
        break;
      case 'half-close':
      case 'half-close, execute':
        socket.end();
        setTimeout(() => socket.destroy(), 300);
        break;
      case 'hang':
        socket.pause();
        break;
      case 'close unread':
        socket.pause();
        setTimeout(() => socket.destroy(), 10);
        break;
      case 'truncate head':
        socket.end(moment === 'within the response' ? '' : 'HTTP/1.1 20');
        break;
      case 'truncate body':
        socket.end(
          moment === 'within the response' ? '' : 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhello',
        );
        break;
    }
    return true;
  };
  const later = (moment, ms) => {
    if (cell.moment === moment) setTimeout(() => strike(moment), ms);
  };

  if (strike('on accept')) return;
  socket.on('data', (chunk) => {
    if ((over !== null && over !== 'half-close, execute') || (struck && over === null)) return;
    const first = bytes === '';
    bytes += chunk.toString('latin1');
    if (first && strike('on the first byte', field('x-id'))) return;
    // Head and body come together as a rule: what arrives in the moment between is not looked at.
    if (first && cell.moment === 'within the head' && cell.warm <= 0 && cell.left > 0) {
      const id = field('x-id');
      struck = true;
      setTimeout(() => strike('within the head', id), LATER);
      return;
    }
    for (;;) {
      const headEnd = bytes.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const id = field('x-id');
      if (strike('within the body', id)) return;
      let end = headEnd + 4 + Number(/^content-length: *(\d+)/im.exec(bytes)?.[1] ?? 0);
      if (/^transfer-encoding: *chunked/im.test(bytes.slice(0, headEnd + 2))) {
        const last = bytes.indexOf('\r\n0\r\n\r\n', headEnd);
        if (last < 0) return;
        end = last + 7;
      }
      if (bytes.length < end) return;
      bytes = bytes.slice(end);
      execute(id);
      if (over !== null) continue;
      if (strike('before the response', id, true)) return;
      const head = `HTTP/1.1 200 OK\r\nContent-Length: ${id.length}\r\n\r\n`;
      if (cell.moment === 'within the response' && cell.left > 0 && cell.warm <= 0) {
        socket.write(head + id[0]);
        setTimeout(() => strike('within the response', id, true), LATER);
        return;
      }
      socket.write(head + id);
      cell.warm -= 1;
      if (strike('after the response')) return;
      later('idle', IDLE);
    }
  });
}

const server = secure
  ? tls.createServer(
      { key: readFileSync(secure.key), cert: readFileSync(secure.cert), allowHalfOpen: true },
      serve,
    )
  : net.createServer({ allowHalfOpen: true }, serve);
server.on('tlsClientError', () => {});
server.listen({ port: 0, host: '0.0.0.0', backlog: 1024 }, () =>
  process.send({ port: server.address().port }),
);
process.on('message', (armed) => {
  if (armed === 'executed') process.send({ executed });
  else
    for (const { address, times, reused, ...cell } of armed)
      cells.set(address, { ...cell, left: times, warm: reused ? 1 : 0 });
});
process.on('disconnect', () => process.exit());
