import type { SystemCalls } from '../ffi/index.ts';
import { socketState } from '../ffi/socket-state.ts';

/** A receiver may sit on an acknowledgement for 40 ms (TCP_DELACK_MIN, include/net/tcp.h) … up to 200. */
const DELAYED_ACK_MS = 250;
const ROUND_TRIPS = 3;
/** Sockets that are watched at a time: each holds a descriptor for a moment longer than its owner wants. */
const MOST = 32;

let watched = 0;

/**
 * A peer that has closed answers further bytes with a reset. One that acknowledges them has only closed its own
 * direction and goes on reading: then its FIN proves nothing. The socket's owner is about to close it, so a
 * duplicate of the descriptor keeps it for long enough to see which it is. Our own FIN waits as long.
 */
export function watchForLateAcknowledgement(
  calls: SystemCalls,
  fd: number,
  ackedBefore: number,
  rttMs: number,
  found: () => void,
): void {
  if (watched >= MOST) return;
  const duplicate = calls.dup(fd);
  if (duplicate < 0) return;
  watched += 1;
  setTimeout(
    () => {
      watched -= 1;
      const state = socketState(calls, duplicate);
      calls.close(duplicate);
      if (state !== null && state.bytesAcked > ackedBefore) found();
    },
    DELAYED_ACK_MS + ROUND_TRIPS * rttMs,
  ).unref();
}
