import type { Connection } from './connections.ts';
import type { Settings } from './options.ts';

type LingerSettings = NonNullable<Settings['linger']>;

/** How often a lingering connection is looked at, milliseconds; the limits are no finer than this. */
const LOOK = 100;

/**
 * Ends a connection whose client is still sending: the answer and a FIN go out, and what comes is read and
 * dropped until the body is complete, the client closes, or a limit is reached. Closing at once would make the
 * kernel answer the unread bytes with a reset, which may erase the answer (RFC 9112 section 9.6).
 */
export function linger(connection: Connection, settings: LingerSettings): void {
  if (connection.lingering) return;
  connection.lingering = true;
  const { socket, request } = connection;
  const started = performance.now();
  const bytesAtStart = socket.bytesRead;
  let bytes = bytesAtStart;
  let heard = started;

  const done = () => {
    clearInterval(timer);
    if (!socket.destroyed) socket.destroy();
  };
  const timer = setInterval(() => {
    const now = performance.now();
    if (socket.bytesRead !== bytes) {
      bytes = socket.bytesRead;
      heard = now;
    }
    const over =
      now - started >= settings.time ||
      now - heard >= settings.silence ||
      bytes - bytesAtStart > settings.bytes;
    if (over || socket.destroyed) done();
  }, LOOK);
  // The idle timer of the server has nothing to say here.
  socket.setTimeout(0);
  socket.once('end', done);
  socket.once('error', done);
  // The body is complete, so nothing is left unread and a close is a FIN, as soon as the answer has gone out.
  if (request && !request.complete)
    request.once('end', () => (socket.writableFinished ? done() : socket.once('finish', done)));
  socket.end();
  drop(connection);
}

/** Makes what still arrives flow into nothing. */
function drop({ socket, request }: Connection): void {
  if (!request || request.complete) {
    socket.resume();
    return;
  }
  request.unpipe();
  // Whoever was collecting the body has answered: more of it must not pile up there.
  request.removeAllListeners('data');
  request.resume();
}
