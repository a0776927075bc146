import type { Side, TimelinePacket } from '../../connection/connection.ts';
import oneDirection from '../around/one-direction.ts';
import { defineEvidence, type Known, SILENCES, type Subject, unknown } from '../define.ts';
import { isFin, isReset } from '../packets.ts';
import rtt from '../path/rtt.ts';
import { activityBetween } from './activity.ts';
import application from './application.ts';
import { type Payload, payloadBefore } from './payload-before.ts';

/** What ended the silence: a FIN, a RST, or payload of one side. */
export type Breaker = 'fin' | 'reset' | Side;

export interface IdleFact extends Known {
  readonly known: true;
  /** Seconds of silence before `until`: no packet but keep-alive probes, their answers and prompt acknowledgements. */
  gap: number;
  /** Frame of the last payload before the silence, 0 when unknown. */
  since: number;
  /** Whose payload that was. */
  sinceFrom: Side;
  /** Frame that broke it. */
  until: number;
  brokenBy: Breaker;
  /** Seconds from the last payload before the silence to the FIN or RST that ended the connection: the closer's timer. */
  timer: number;
  /** Seconds from `until` to `ended`: how long the side that broke the silence waited. 0 where the end itself broke it. */
  wait: number;
  /** Frame of that FIN or RST. */
  ended: number;
  /** The closer spoke unasked and ended the connection at once: a message that says goodbye. */
  parting: boolean;
  /** Longer than packets take to be answered: a pause, of whatever kind. */
  silent: boolean;
  /** A pause that a timer may have ended: at least a second, or the same on several connections. */
  idle: boolean;
}

/** Shorter silences are an application at work, seconds. */
const SHORTEST_SILENCE = 0.1;

/**
 * What one connection alone must have been silent for, seconds. Ordinary answers followed by a close after
 * 134 and 557 ms were called idle timeouts; nobody configures these.
 */
const SHORTEST_IDLE = 1;

/** As many connections with the same silence, and at least half of those that were silent at all, are a timer. */
const SEVERAL = 3;

/** A closer's last message comes this close before its FIN or RST, seconds. */
const PARTING = 1;
/** TLS close_notify, and an HTTP/2 GOAWAY inside TLS, are single records no longer than this. */
const TLS_PARTING = 64;

/** The side had spoken unasked before: it pushes, and a pause says nothing. */
function pushes(payload: readonly Payload[], upTo: number, side: Side, shortest: number): boolean {
  for (let i = 1; i < upTo; i++) {
    const p = payload[i]!;
    if (p.from === side && p.sinceFrom === side && p.pause >= shortest) return true;
  }
  return false;
}

/**
 * Where the last burst of payload begins: one side, speaking unasked after a
 * silence. -1 when the burst is an answer, or follows on without a pause.
 */
function unaskedBurst(payload: readonly Payload[], shortest: number): number {
  let start = payload.length - 1;
  while (start > 0 && payload[start]!.sinceFrom === payload[start]!.from) {
    if (payload[start]!.pause >= shortest) return start;
    start--;
  }
  const first = payload[start];
  if (first === undefined || start === 0) return -1;
  // The server's turn after the client's is an answer, however slow.
  return first.from === 'originator' && first.pause >= shortest ? start : -1;
}

const isTls = (subject: Subject) => {
  const app = application.of(subject);
  return app.known && (app.firstRequest?.protocol ?? app.firstResponse?.protocol ?? '').startsWith('tls');
};

/** The silence behind a burst is longer than the one before it, and nothing of the burst was still being repeated. */
function outlasts(
  { connection }: Subject,
  burst: Payload | undefined,
  end: TimelinePacket,
  roundTrip: number,
): boolean {
  if (burst === undefined || end.time - burst.time <= burst.pause) return false;
  return !activityBetween(connection, burst.number, burst.time, end.number + 1, roundTrip).waiting;
}

/** Other connections to the same server were silent as long. */
function isShared({ world }: Subject): boolean {
  const near = world.neighbours(world.index);
  // Connections that end in one instant are one event, however alike their silences.
  const apart = near === null ? 0 : near.sameSilence - near.sameInstant + 1;
  return near !== null && apart >= SEVERAL && 2 * near.sameSilence >= near.silent;
}

/**
 * The silence before the end. When one side spoke up just before the
 * connection died and got no answer, that broke the silence; otherwise the FIN
 * or RST itself did. A TLS close_notify belongs to the FIN it goes with.
 */
export default defineEvidence('The silence before the connection ended, and what broke it', (subject) => {
  const half = oneDirection.of(subject);
  if (half.known) return unknown(half.says);
  const { connection } = subject;
  const { timeline } = connection;
  const end = timeline.find((p) => isReset(p) || isFin(p)) ?? timeline.at(-1);
  if (end === undefined) return unknown('no packet was kept in the timeline');
  const payload = payloadBefore(connection, end);
  const last = payload.at(-1);
  if (last === undefined) return unknown('no payload was sent before the end');
  const times = rtt.of(subject);
  const roundTrip = times.known ? Math.max(times.originator, 0) + Math.max(times.responder, 0) : 0;
  const shortest = Math.max(SHORTEST_SILENCE, 3 * roundTrip);

  const start = unaskedBurst(payload, shortest);
  const first = outlasts(subject, payload[start], end, roundTrip) ? undefined : payload[start];
  const ends = isReset(end) || isFin(end);
  const ending: Breaker = isReset(end) ? 'reset' : isFin(end) ? 'fin' : end.from;
  const parting =
    first !== undefined &&
    first.from === end.from &&
    ends &&
    end.time - first.time < PARTING &&
    !pushes(payload, start, first.from, shortest);
  const goodbye = parting && last.length <= TLS_PARTING && isTls(subject);
  const spoke = first !== undefined && !goodbye ? first : null;
  const since = first === undefined ? last.number : first.since;
  const began = first === undefined ? last.time : first.time - first.pause;
  const until = spoke ?? end;
  const silentUntil = first?.number ?? end.number;
  const { last: packet, waiting } = activityBetween(connection, since, began, silentUntil, roundTrip);
  const gap = until.time - (packet?.time ?? began);
  // A repetition breaks no silence: its sender had spoken up before, and was waiting.
  const silent = gap >= shortest && !waiting && (ends || spoke !== null || !end.retransmission);
  return {
    known: true,
    gap,
    since,
    sinceFrom: first === undefined ? last.from : first.sinceFrom,
    until: until.number,
    brokenBy: spoke === null ? ending : spoke.from,
    timer: end.time - began,
    wait: end.time - until.time,
    ended: end.number,
    parting: parting && !goodbye,
    silent,
    idle: silent && (gap >= SHORTEST_IDLE || isShared(subject)),
  };
}).needsTimes(SILENCES);
