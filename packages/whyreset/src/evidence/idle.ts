import type { Side, TimelinePacket, Turn } from '../connection/connection.ts';
import { defineEvidence, type Known, unknown } from './define.ts';
import { endpoint, isData, isFin, isReset } from './packets.ts';
import rtt from './rtt.ts';

/** What ended the silence: a FIN, a RST, or payload of one side. */
export type Breaker = 'fin' | 'reset' | Side;

export interface IdleFact extends Known {
  readonly known: true;
  /** Seconds of silence before `until`. */
  gap: number;
  /** Frame of the last payload before the silence, 0 when unknown. */
  since: number;
  /** Frame that broke it. */
  until: number;
  brokenBy: Breaker;
  /** Seconds from the last payload before the silence to the FIN or RST that ended the connection: the closer's timer. */
  timer: number;
  /** Frame of that FIN or RST. */
  ended: number;
  /** Long enough to be idleness rather than thinking: well over the round trip. */
  idle: boolean;
}

/** Shorter silences are an application at work. */
export const SHORTEST_IDLE = 0.1;

/** The turn that a side began last before `end`. */
function latestTurn(turns: (Turn | null)[], end: TimelinePacket): Turn | null {
  let latest: Turn | null = null;
  for (const turn of turns) {
    if (turn !== null && turn.number < end.number && (latest === null || turn.time > latest.time))
      latest = turn;
  }
  return latest;
}

/**
 * The silence before the end. When one side spoke up just before the
 * connection died and got no answer, that request broke the silence; otherwise
 * the FIN or RST itself did.
 */
export default defineEvidence('The silence before the connection ended, and what broke it', (subject) => {
  const { connection } = subject;
  const { timeline, originator, responder } = connection;
  const end = timeline.find((p) => isReset(p) || isFin(p)) ?? timeline.at(-1);
  if (end === undefined) return unknown('no packet was kept in the timeline');
  const turn = latestTurn([originator.lastTurn, responder.lastTurn], end);
  if (turn === null) return unknown('no payload was sent before the end');
  const times = rtt.of(subject);
  const roundTrip = times.known ? Math.max(times.originator, 0) + Math.max(times.responder, 0) : 0;
  const shortest = Math.max(SHORTEST_IDLE, 3 * roundTrip);

  const side: Side = turn === originator.lastTurn ? 'originator' : 'responder';
  const answered =
    endpoint(connection, side === 'originator' ? 'responder' : 'originator').lastDataTime > turn.time;
  if (!answered && turn.idleBefore >= shortest) {
    const { idleBefore: gap, idleSince: since, number: until } = turn;
    const timer = end.time - (turn.time - gap);
    return { known: true, gap, since, until, brokenBy: side, timer, ended: end.number, idle: true };
  }
  let last: TimelinePacket | null = null;
  for (const p of timeline) if (p.number < end.number && isData(p)) last = p;
  if (last === null) return unknown('the last payload before the end was not kept in the timeline');
  const gap = end.time - last.time;
  const brokenBy: Breaker = isReset(end) ? 'reset' : isFin(end) ? 'fin' : end.from;
  return {
    known: true,
    gap,
    since: last.number,
    until: end.number,
    brokenBy,
    timer: gap,
    ended: end.number,
    idle: gap >= shortest,
  };
});
