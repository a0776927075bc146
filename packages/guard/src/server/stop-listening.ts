import { Server as NetServer } from 'node:net';
import type { SystemCalls } from '../ffi/index.ts';
import { refuseHandshakes } from './syn-filter.ts';

/** Poll phases in a row that bring no connection, before the queue counts as empty. */
const QUIET_PHASES = 3;
const pollPhase = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Stops accepting, and leaves every accepted connection alone: the `close` of `node:http` would destroy idle
 * ones at once, which resets a request on its way.
 *
 * The kernel resets connections that wait, accepted by it alone, in the queue of a socket that is closed. libuv
 * takes one connection out of that queue per poll phase (seen with Node 20: a server closed in the middle of 200
 * connects took in two more and reset the rest), so phases go by until they bring no more.
 *
 * @param calls the kernel, where it can be asked, to keep handshakes from being half done when listening ends.
 * @param longest milliseconds that the queue may take to become empty. A slow loop takes one connection a turn, so that
 *   seconds may pass; and connections may keep coming for ever where handshakes cannot be refused.
 */
export async function stopListening(
  servers: Iterable<NetServer>,
  calls: SystemCalls | null,
  longest: number,
): Promise<void> {
  const listening = [...servers].filter((server) => server.listening);
  const unfilter = await refuseHandshakes(calls, listening);
  let arrived = 0;
  const count = () => void arrived++;
  for (const server of listening) server.on('connection', count);
  const until = performance.now() + longest;
  let quiet = 0;
  while (quiet < QUIET_PHASES && performance.now() < until) {
    const before = arrived;
    await pollPhase();
    quiet = arrived === before ? quiet + 1 : 0;
  }
  unfilter();
  for (const server of listening) {
    server.off('connection', count);
    NetServer.prototype.close.call(server);
  }
}
