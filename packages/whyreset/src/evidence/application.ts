import { type Message, readMessage } from './application-message.ts';
import { defineEvidence, type Known, unknown } from './define.ts';

export interface ApplicationFact extends Known {
  readonly known: true;
  /** What the client's first and latest turns, and the server's, begin with; null when that side was silent. */
  firstRequest: Message | null;
  lastRequest: Message | null;
  firstResponse: Message | null;
  lastResponse: Message | null;
}

/** The first bytes of the turns, read as the protocols they announce. */
export default defineEvidence('What the first bytes of each turn announce', ({ connection }) => {
  const { originator, responder } = connection;
  const read = (turn: { head: Uint8Array; number: number } | null) =>
    turn === null || turn.head.length === 0 ? null : readMessage(turn.head, turn.number);
  const firstRequest = read(originator.firstTurn);
  const firstResponse = read(responder.firstTurn);
  const fact: ApplicationFact = {
    known: true,
    firstRequest,
    lastRequest: originator.lastTurn === originator.firstTurn ? firstRequest : read(originator.lastTurn),
    firstResponse,
    lastResponse: responder.lastTurn === responder.firstTurn ? firstResponse : read(responder.lastTurn),
  };
  if (
    firstRequest === null &&
    firstResponse === null &&
    fact.lastRequest === null &&
    fact.lastResponse === null
  )
    return unknown('no payload was captured');
  return fact;
});
