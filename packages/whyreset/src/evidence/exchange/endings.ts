import type { Ending, Side } from '../../connection/connection.ts';
import { defineEvidence, type Known } from '../define.ts';
import reset from '../reset/reset.ts';
import overtaken from '../sender/overtaken.ts';

export interface EndingsFact extends Known {
  readonly known: true;
  /** First FIN of each side, null when it sent none. */
  originator: Ending | null;
  responder: Ending | null;
  /** Who had sent a FIN before the first RST, even one that the RST overtook (or at all, when there is none). */
  closed: Readonly<Record<Side, boolean>>;
  /** Both sides had sent a FIN before the first RST (or there is none). */
  both: boolean;
}

/** Survives where the packets themselves were not kept, as in a connection that had ended in peace long before. */
export default defineEvidence('When each side closed', (subject) => {
  const originator = subject.connection.originator.fin;
  const responder = subject.connection.responder.fin;
  const r = reset.of(subject);
  const before = r.known ? r.packet.number : Number.POSITIVE_INFINITY;
  const late = overtaken.of(subject);
  const first = late.known ? late.fin?.number : undefined;
  const closed = (fin: Ending | null) => fin !== null && (fin.number < before || fin.number === first);
  const sides = { originator: closed(originator), responder: closed(responder) };
  return { known: true, originator, responder, closed: sides, both: sides.originator && sides.responder };
});
