import { type Connection, isIdle } from './connections.ts';

/**
 * Closes an idle connection, unless its next request turns out to be here already.
 * Timers run before the event loop looks at sockets, so a request that arrived during a long turn is still
 * unread when the idle timer fires, and closing then answers it with a reset (nodejs/node#43456). One poll
 * phase later it has been read.
 *
 * The close is a full one on purpose: half-closed, the kernel would go on acknowledging requests that nobody
 * will read, and the client could no longer tell that its request was not executed.
 *
 * @param closed called if the connection was closed, and not if it turned out to be in use.
 */
export function closeIdle(connection: Connection, closed: () => void = () => {}): void {
  const { socket } = connection;
  const before = socket.bytesRead;
  setImmediate(() => {
    if (socket.destroyed || !isIdle(connection) || socket.bytesRead !== before) return;
    closed();
    socket.destroySoon();
  });
}
