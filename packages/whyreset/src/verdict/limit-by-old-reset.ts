import type { Subject } from '../evidence/define.ts';
import handshake from '../evidence/handshake/handshake.ts';
import oldReset from '../evidence/reset/old-reset.ts';
import type { Answers } from './candidate.ts';

/**
 * A late RST of the connection before says nothing of this one: what harmful causes conclude from it falls. Where an
 * ACK of the old stream answered the SYN, the RST is the client's answer to that, and belongs to the reuse of the port.
 */
export function limitByOldReset(answers: Answers, subject: Subject): Answers {
  const old = oldReset.of(subject);
  const shake = handshake.of(subject);
  if (!old.known || (shake.known && shake.foreignAck !== null)) return answers;
  const candidates = answers.candidates.filter(
    ({ cause, answer }) =>
      cause.benign || !answer.because.some(({ packets }) => packets.includes(old.packet.number)),
  );
  return { ...answers, candidates };
}
