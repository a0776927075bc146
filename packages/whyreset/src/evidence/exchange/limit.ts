import { type LimitWords, limitIn } from '../../protocol/limit-words.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';

export interface LimitFact extends Known {
  readonly known: true;
  words: LimitWords;
  /** Frame in which the server said it. */
  number: number;
}

/** A server that says it is full before it closes. */
export default defineEvidence('What the server said of a limit', ({ connection: { responder } }) => {
  for (const turn of [responder.lastTurn, responder.firstTurn]) {
    const words = turn === null ? null : limitIn(turn.head, 0, turn.head.length);
    if (turn !== null && words !== null) return { known: true, words, number: turn.number };
  }
  return unknown('the server spoke of no limit');
});
