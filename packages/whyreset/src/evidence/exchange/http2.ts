import type { Side, Turn } from '../../connection/connection.ts';
import { type EndFrame, endFrames, isSettings, PREFACE_LENGTH } from '../../protocol/http2-frames.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { endpoint } from '../packets.ts';
import application from './application.ts';

/** A RST_STREAM or GOAWAY that could be read. */
export interface Http2End extends EndFrame {
  from: Side;
  /** Frame of the capture in which its turn begins. */
  number: number;
}

export interface Http2Fact extends Known {
  readonly known: true;
  /** The client began with the preface of HTTP/2. */
  preface: boolean;
  /** Frame in which the server began with SETTINGS; 0 when it spoke otherwise or not at all. */
  settings: number;
  /** What ends streams or the connection in the latest turns, in order of the capture. */
  ends: Http2End[];
}

/** Names of RFC 9113 §7. */
const CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** `REFUSED_STREAM`, `error code 99`. */
export function http2Code(code: number): string {
  return CODES[code] ?? `error code ${code}`;
}

function readTurn(turn: Turn | null, from: Side, skip: number, into: Http2End[]): void {
  if (turn === null || turn.head.length <= skip) return;
  const { head, number } = turn;
  endFrames(head, skip, head.length - skip, (kind, stream, code) =>
    into.push({ kind, stream, code, from, number }),
  );
}

/** HTTP/2 in the clear, as far as the heads of the first and latest turns show it. */
export default defineEvidence('HTTP/2 frames in the clear that end a stream or the connection', (subject) => {
  const app = application.of(subject);
  if (!app.known) return unknown(app.why);
  const preface = app.firstRequest?.protocol === 'http2-preface';
  const { connection } = subject;
  const { firstTurn } = connection.responder;
  const speaks = firstTurn !== null && isSettings(firstTurn.head, 0, firstTurn.head.length);
  if (!preface && !speaks) return unknown('neither side speaks HTTP/2 in the clear');
  const ends: Http2End[] = [];
  for (const side of ['originator', 'responder'] as const) {
    const { firstTurn: first, lastTurn: last } = endpoint(connection, side);
    const skip = preface && side === 'originator' ? PREFACE_LENGTH : 0;
    readTurn(first, side, skip, ends);
    if (last !== first) readTurn(last, side, 0, ends);
  }
  ends.sort((a, b) => a.number - b.number);
  return { known: true, preface, settings: speaks ? firstTurn.number : 0, ends };
});

/** RFC 9113 §7: NO_ERROR, and CANCEL, which the client itself wanted. */
export const PEACEFUL_CODES: ReadonlySet<number> = new Set([0, 8]);

/** The frame that says why a stream or the connection ended; a complaint before a graceful GOAWAY. */
export function decidingFrame({ preface, settings, ends }: Http2Fact): Http2End | null {
  if (!preface || settings === 0) return null;
  return (
    ends.findLast(({ code }) => !PEACEFUL_CODES.has(code)) ??
    ends.findLast(({ kind, code }) => kind === 'GOAWAY' && code === 0) ??
    null
  );
}
