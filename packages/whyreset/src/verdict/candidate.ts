import type { Cause, Contradicted, Doubted, KnownFacts, Supported } from '../causes/define.ts';
import { causes } from '../causes/index.ts';
import type { Evidence, Known, Subject } from '../evidence/define.ts';
import { evidence } from '../evidence/index.ts';
import type { MakerFact } from '../evidence/sender/maker.ts';

/** A cause that something speaks for. */
export interface Candidate {
  cause: Cause;
  answer: Supported;
}

/** A cause that something excludes, or speaks against. */
export interface Rejected<A extends Contradicted | Doubted = Contradicted> {
  cause: Cause;
  answer: A;
}

/** Every cause that had something to say, by what it said. */
export interface Answers {
  candidates: Candidate[];
  excluded: Rejected<Contradicted>[];
  doubted: Rejected<Doubted>[];
}

/**
 * By this cause a box made the RST itself. A cause of the path that lists kernel reasons leaves the RST to the
 * kernel that the box confused.
 */
export function madeByBox({ cause, answer }: Candidate): boolean {
  // A packet filter may sit on the end host itself; then the cause says so.
  if (answer.sender === 'originator' || answer.sender === 'responder') return false;
  if (cause.resetBy === 'path') return cause.kernelReasons.length === 0;
  return answer.sender === 'middlebox';
}

/** Each cause with the evidence that it cannot do without. */
const ASKED = causes.map((cause) => ({ cause, needs: cause.requires.map((name) => evidence[name]) }));

/** A loop without a closure: every verdict comes here once for each cause. */
function hasNeeds(needs: readonly Evidence<Known>[], subject: Subject): boolean {
  for (let i = 0; i < needs.length; i++) if (!needs[i]!.of(subject).known) return false;
  return true;
}

/** @param facts those of `subject`; a cause is asked only where all that it requires is known */
export function askCauses(subject: Subject, facts: KnownFacts): Answers {
  const answers: Answers = { candidates: [], excluded: [], doubted: [] };
  for (const { cause, needs } of ASKED) {
    if (!hasNeeds(needs, subject)) continue;
    const answer = cause.examine(facts);
    if (answer.answer === 'supported') answers.candidates.push({ cause, answer });
    else if (answer.answer === 'contradicted') answers.excluded.push({ cause, answer });
    else if (answer.answer === 'doubted') answers.doubted.push({ cause, answer });
  }
  return answers;
}

/**
 * What the maker of the RST means for the causes that blame an endpoint's
 * program: a proof that its TCP did not make it excludes them, signs of that
 * leave them a mere possibility, and where the endpoint itself sent it, no box did.
 */
export function limitByMaker(
  { candidates, excluded, doubted }: Answers,
  outside: MakerFact['madeOutsideStack'],
  made: MakerFact | null,
): Answers {
  const left: Candidate[] = [];
  const out = [...excluded];
  const unlikely = [...doubted];
  for (const candidate of candidates) {
    const { cause, answer } = candidate;
    // A cause that leaves open who did it blames no endpoint's program.
    const byPath =
      cause.resetBy === 'path' || answer.sender === 'middlebox' || answer.sender === 'undetermined';
    const against = (says: string, packets: number[]) =>
      out.push({ cause, answer: { answer: 'contradicted', because: { fact: 'maker', says, packets } } });
    if (!byPath && outside === 'proven') {
      // Where no box is named, another host with the address is left, though a filter is more usual unless the RST
      // came from a network card of its own.
      if (cause.byAnotherHost === true && made?.sender === 'undetermined') {
        const ownCard = made.against.some(({ fact }) => fact === 'mac');
        left.push({
          cause,
          answer: { ...answer, strength: ownCard ? 'fair' : 'weak', sender: 'undetermined' },
        });
        continue;
      }
      const [proof] = made?.proofs ?? [];
      if (proof !== undefined) against(proof.says, proof.packets);
    } else if (made?.own != null && madeByBox(candidate)) {
      // The kernel's own line excludes a box; that it left its host by TTL and time only speaks against one.
      const { fact, says, packets } = made.own;
      if (fact === 'kernelReason') against(says, packets);
      else unlikely.push({ cause, answer: { answer: 'doubted', because: { fact: 'maker', says, packets } } });
    } else if (
      !byPath &&
      outside === 'likely' &&
      (answer.strength === 'proof' || answer.strength === 'strong')
    )
      left.push({ cause, answer: { ...answer, strength: 'fair' } });
    else left.push(candidate);
  }
  return { candidates: left, excluded: out, doubted: unlikely };
}
