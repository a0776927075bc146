import type { Strength } from '../causes/define.ts';
import oneDirection from '../evidence/around/one-direction.ts';
import type { Subject } from '../evidence/define.ts';
import { other, who } from '../evidence/packets.ts';
import type { Answers, Candidate } from './candidate.ts';
import type { EvidenceLine } from './result.ts';

const ORDER: readonly Strength[] = ['weak', 'fair', 'strong', 'proof'];

function atMost({ cause, answer }: Candidate, most: Strength): Candidate {
  if (ORDER.indexOf(answer.strength) <= ORDER.indexOf(most)) return { cause, answer };
  return { cause, answer: { ...answer, strength: most } };
}

/** It blames the client or the server, so that it is wrong where the two are exchanged. */
const namesRole = ({ cause, answer }: Candidate) =>
  cause.resetBy !== 'path' && answer.sender !== 'middlebox' && answer.sender !== 'undetermined';

/**
 * A cause is never surer than what the capture shows of its surroundings: port
 * numbers suggest who is client and prove nothing, and of one direction only
 * its own packets can prove something.
 */
export function limitByView(answers: Answers, subject: Subject): Answers {
  const { certainty } = subject.connection.roles;
  const half = oneDirection.of(subject).known;
  const candidates = answers.candidates.map((candidate) => {
    const { strength } = candidate.answer;
    if (half && strength !== 'proof') return atMost(candidate, strength === 'strong' ? 'fair' : 'weak');
    if (certainty === 'certain' || !namesRole(candidate)) return candidate;
    return atMost(candidate, certainty === 'likely' ? 'strong' : 'fair');
  });
  return { ...answers, candidates };
}

/**
 * The statement where only one direction is in the capture and its packets name no cause; null elsewhere. What a
 * family says of weak signs would blame a side for what the capture left out.
 */
export function halfStatement(subject: Subject): string | null {
  const half = oneDirection.of(subject);
  if (!half.known) return null;
  const seen = who(other(half.missing));
  return `Only packets of the ${seen} are in the capture, and they do not show why the connection ended`;
}

/** A missing direction is said first: everything else is to be read with it. */
export function addDirectionLine(because: readonly EvidenceLine[], subject: Subject): EvidenceLine[] {
  const half = oneDirection.of(subject);
  if (!half.known) return [...because];
  return [{ fact: 'oneDirection', says: half.says, packets: half.packets }, ...because];
}
