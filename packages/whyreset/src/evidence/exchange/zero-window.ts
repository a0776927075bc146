import type { Side, TimelinePacket } from '../../connection/connection.ts';
import oneDirection from '../around/one-direction.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { isFin, isReset, isSyn } from '../packets.ts';

export interface ZeroWindowFact extends Known {
  readonly known: true;
  /** The latest packet of each side before the first FIN or RST, when it offered no window at all; else null. */
  originator: TimelinePacket | null;
  responder: TimelinePacket | null;
  /** Seconds for which that side's window had been closed when the connection ended, 0 where it was open. */
  span: Record<Side, number>;
  /**
   * One side's window was closed to the end of the capture or of the connection, for long, and no FIN or RST of it
   * followed: since when, its last packet, and the frames in which the other side asked for room. Else null.
   */
  stalled: { side: Side; since: TimelinePacket; last: TimelinePacket; probes: number[] } | null;
}

/** A window that is closed for a shorter time is flow control at work, seconds. */
const STALL = 3;

/** The run of closed windows that ends the packets of a side. */
function stallOf(timeline: readonly TimelinePacket[], side: Side): ZeroWindowFact['stalled'] {
  const own = timeline.filter((p) => p.from === side && !isSyn(p));
  const last = own.at(-1);
  if (last === undefined || timeline.some((p) => isReset(p) || (isFin(p) && p.from === side))) return null;
  let since = last;
  for (let i = own.length - 1; i >= 0 && own[i]!.window === 0; i--) since = own[i]!;
  if (last.window !== 0 || last.time - since.time < STALL) return null;
  const probes = timeline.filter((p) => p.from !== side && p.number > since.number).map((p) => p.number);
  return { side, since, last, probes };
}

/** A side whose last word is a closed window has a program that does not read: the other side must wait. */
export default defineEvidence('A window that was closed when the connection ended', (subject) => {
  const half = oneDirection.of(subject);
  if (half.known) return unknown(half.says);
  const { connection } = subject;
  let originator: TimelinePacket | null = null;
  let responder: TimelinePacket | null = null;
  const since: Record<Side, number> = { originator: 0, responder: 0 };
  let end = connection.end;
  for (const p of connection.timeline) {
    if (isReset(p) || isFin(p)) {
      end = p.time;
      break;
    }
    if (isSyn(p)) continue;
    const closed = p.window === 0 ? p : null;
    if (closed !== null && (p.from === 'originator' ? originator : responder) === null)
      since[p.from] = p.time;
    if (p.from === 'originator') originator = closed;
    else responder = closed;
  }
  return originator === null && responder === null
    ? unknown('no side had closed its window')
    : {
        known: true,
        originator,
        responder,
        span: {
          originator: originator === null ? 0 : end - since.originator,
          responder: responder === null ? 0 : end - since.responder,
        },
        stalled: stallOf(connection.timeline, 'originator') ?? stallOf(connection.timeline, 'responder'),
      };
});
