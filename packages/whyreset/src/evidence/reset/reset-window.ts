import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { endpoint, isReset, isSyn } from '../packets.ts';
import reset from './reset.ts';

export interface ResetWindowFact extends Known {
  readonly known: true;
  /**
   * `reopened`: the receive queue was emptied between `last` and the RST: the program read, or it closed.
   * `unchanged`: the window is as small as the unread bytes had left it: the socket was ended from outside,
   * or no program had accepted it.
   */
  change: 'reopened' | 'unchanged';
  /** The side's last packet before the RST. */
  last: TimelinePacket;
  /** Window field of `last` and of the RST, and the largest one that the side had offered, in the same units. */
  before: number;
  after: number;
  largest: number;
}

/** A window moves by a unit or two when nothing was read: the kernel rounds (Linux `__tcp_select_window`). */
const LEAST_JUMP = 3;

/**
 * Window of the RST against the last window of the same side. Linux empties the receive queue in
 * `__tcp_close` before it sends the RST; `tcp_disconnect` of a queued child and `tcp_abort` (`ss -K`, user
 * timeout, memory pressure) do not. Measured on Linux 6.18 with 60 kB unread: 58 → 83 for close(), SIGKILL
 * and SO_LINGER 0 after reading; 58 → 58 for `ss -K` and for a connection still in the accept queue.
 */
export default defineEvidence('Window of the RST against the last window of its side', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  if (r.shape !== 'active') return unknown('only a RST of an open socket carries a window of its own');
  const { packet, index, side } = r;
  const { connection } = subject;
  // Windows and BSD put 0 there, or what they please; a Linux kernel keeps window and timestamps.
  if (packet.window <= 0) return unknown('the RST carries no window');
  if (packet.tsVal < 0) return unknown('the RST carries no timestamps, so its stack may not be like Linux');
  if (packet.ttl > 64) return unknown('the TTL of the RST is not that of a Linux stack');
  let last: TimelinePacket | null = null;
  let largest = 0;
  for (let i = 0; i < index; i++) {
    const p = connection.timeline[i]!;
    if (p.from !== side || isReset(p) || isSyn(p) || p.window < 0) continue;
    largest = Math.max(largest, p.window);
    last = p;
  }
  if (last === null) return unknown('no earlier window of that side was captured');
  const { windowScale, mss } = endpoint(connection, side);
  const least = windowScale === 0 ? Math.max(mss, LEAST_JUMP) : LEAST_JUMP;
  const jump = packet.window - last.window;
  const fact = { known: true, last, before: last.window, after: packet.window, largest } as const;
  if (jump >= least) return { ...fact, change: 'reopened' };
  if (largest - last.window < least) return unknown('the window had not shrunk, so it could not reopen');
  if (jump > 0) return unknown('the window moved by less than it does when a queue is emptied');
  return { ...fact, change: 'unchanged' };
});
