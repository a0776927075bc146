import type { Connection, Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { isData, isFin, isReset } from '../packets.ts';
import rtt from '../path/rtt.ts';
import application from './application.ts';

/** What ended the silence: a FIN, a RST, or payload of one side. */
export type Breaker = 'fin' | 'reset' | Side;

export interface IdleFact extends Known {
  readonly known: true;
  /** Seconds of silence before `until`. */
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
  /** Frame of that FIN or RST. */
  ended: number;
  /** The closer spoke unasked and ended the connection at once: a message that says goodbye. */
  parting: boolean;
  /** Long enough to be idleness rather than thinking: well over the round trip. */
  idle: boolean;
}

/** Shorter silences are an application at work. */
export const SHORTEST_IDLE = 0.1;

/** A closer's parting words come this close before its FIN or RST, seconds. */
const PARTING = 1;
/** TLS close_notify, and an HTTP/2 GOAWAY inside TLS, are single records no longer than this. */
const TLS_PARTING = 64;

interface Payload {
  number: number;
  time: number;
  from: Side;
  length: number;
}

/** New payload before `end` in order, with what the endpoints remember of the part that was not kept. */
function payloadBefore(connection: Connection, end: TimelinePacket): Payload[] {
  const { timeline } = connection;
  const payload: Payload[] = timeline.filter((p) => p.number < end.number && isData(p) && !p.retransmission);
  if (connection.elided === 0) return payload;
  for (const from of ['originator', 'responder'] as const) {
    const { lastDataNumber: number, lastDataTime: time } = connection[from];
    if (number > 0 && number < end.number && !timeline.some((p) => p.number === number))
      payload.push({ number, time, from, length: 0 });
  }
  return payload.sort((a, b) => a.number - b.number);
}

/** The side had spoken unasked before: it pushes, and a pause says nothing. */
function pushes(payload: readonly Payload[], upTo: number, side: Side, shortest: number): boolean {
  for (let i = 1; i < upTo; i++) {
    const p = payload[i]!;
    const before = payload[i - 1]!;
    if (p.from === side && before.from === side && p.time - before.time >= shortest) return true;
  }
  return false;
}

/**
 * Where the last burst of payload begins: one side, speaking unasked after a
 * silence. -1 when the burst is an answer, or follows on without a pause.
 */
function unaskedBurst(payload: readonly Payload[], shortest: number): number {
  let start = payload.length - 1;
  while (start > 0 && payload[start - 1]!.from === payload[start]!.from) {
    if (payload[start]!.time - payload[start - 1]!.time >= shortest) return start;
    start--;
  }
  const first = payload[start];
  const previous = payload[start - 1];
  if (first === undefined || previous === undefined) return -1;
  // The server's turn after the client's is an answer, however slow.
  return first.from === 'originator' && first.time - previous.time >= shortest ? start : -1;
}

const isTls = (subject: Subject) => {
  const app = application.of(subject);
  return app.known && (app.firstRequest?.protocol ?? app.firstResponse?.protocol ?? '').startsWith('tls');
};

/**
 * The silence before the end. When one side spoke up just before the
 * connection died and got no answer, that broke the silence; otherwise the FIN
 * or RST itself did. A TLS close_notify belongs to the FIN it goes with.
 */
export default defineEvidence('The silence before the connection ended, and what broke it', (subject) => {
  const { connection } = subject;
  const { timeline } = connection;
  const end = timeline.find((p) => isReset(p) || isFin(p)) ?? timeline.at(-1);
  if (end === undefined) return unknown('no packet was kept in the timeline');
  const payload = payloadBefore(connection, end);
  const last = payload.at(-1);
  if (last === undefined) return unknown('no payload was sent before the end');
  const times = rtt.of(subject);
  const roundTrip = times.known ? Math.max(times.originator, 0) + Math.max(times.responder, 0) : 0;
  const shortest = Math.max(SHORTEST_IDLE, 3 * roundTrip);

  const start = unaskedBurst(payload, shortest);
  const first = payload[start];
  const since = payload[start - 1];
  const ending: Breaker = isReset(end) ? 'reset' : isFin(end) ? 'fin' : end.from;
  if (first !== undefined && since !== undefined) {
    const parting =
      first.from === end.from &&
      ending !== end.from &&
      end.time - first.time < PARTING &&
      !pushes(payload, start, first.from, shortest);
    const tls = parting && last.length <= TLS_PARTING && isTls(subject);
    return {
      known: true,
      gap: (tls ? end : first).time - since.time,
      since: since.number,
      sinceFrom: since.from,
      until: (tls ? end : first).number,
      brokenBy: tls ? ending : first.from,
      timer: end.time - since.time,
      ended: end.number,
      parting: parting && !tls,
      idle: true,
    };
  }
  const gap = end.time - last.time;
  return {
    known: true,
    gap,
    since: last.number,
    sinceFrom: last.from,
    until: end.number,
    brokenBy: ending,
    timer: gap,
    ended: end.number,
    parting: false,
    // A repetition breaks no silence: its sender had spoken up before, and was waiting.
    idle: gap >= shortest && (isReset(end) || isFin(end) || !end.retransmission),
  };
});
