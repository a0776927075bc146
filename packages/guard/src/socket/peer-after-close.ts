import type { SystemCalls } from '../ffi/index.ts';
import { type SocketState, socketState, TCP_STATE } from '../ffi/socket-state.ts';

/** A receiver may sit on an acknowledgement for 40 ms (TCP_DELACK_MIN, include/net/tcp.h) … up to 200. */
const DELAYED_ACK_MS = 250;
const ROUND_TRIPS = 3;
/** Sockets that are watched at a time: each holds a descriptor for a moment longer than its owner wants. */
const MOST = 256;

/**
 * What a peer did after its FIN with the bytes that were under way to it.
 *
 * - `reset`: it answered them with a reset, as a socket does that its program has closed.
 * - `acknowledged`: it took them, so it has only closed its own direction and may go on reading.
 * - `silent`: neither came in time, or it cannot be told which.
 */
export type PeerAfterClose = 'reset' | 'acknowledged' | 'silent';

let watched = 0;

/**
 * Waits until the peer has answered the bytes that it had not acknowledged when its FIN came. The socket’s owner is
 * about to close it, so a duplicate of the descriptor keeps it; our own FIN waits as long.
 *
 * @param before what the kernel said when the FIN was seen.
 */
export function awaitPeerAfterClose(
  calls: SystemCalls,
  fd: number,
  before: SocketState,
): Promise<PeerAfterClose> {
  const duplicate = watched < MOST ? calls.dup(fd) : -1;
  if (duplicate < 0) return Promise.resolve('silent');
  watched += 1;
  return new Promise((resolve) => {
    let leftMs = DELAYED_ACK_MS + ROUND_TRIPS * before.smoothedRttMs;
    const ask = (waitMs: number) => {
      leftMs -= waitMs;
      setTimeout(() => {
        const answer = answerSince(before, socketState(calls, duplicate));
        if (answer === null && leftMs > 0) {
          ask(waitMs * 2);
          return;
        }
        watched -= 1;
        calls.close(duplicate);
        resolve(answer ?? 'silent');
      }, waitMs);
    };
    ask(1);
  });
}

/** Null: not yet. */
function answerSince(before: SocketState, state: SocketState | null): PeerAfterClose | null {
  if (state === null) return 'silent';
  if (state.bytesAcked > before.bytesAcked) return 'acknowledged';
  if (state.state !== TCP_STATE.close) return null;
  // The first transmission may have been taken and its acknowledgement lost: the reset that answers the second then
  // tells only that the peer has closed since.
  return state.retransmitted === before.retransmitted ? 'reset' : 'silent';
}
