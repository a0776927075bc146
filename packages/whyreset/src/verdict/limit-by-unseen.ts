import type { Cause } from '../causes/define.ts';
import type { Connection, Turn } from '../connection/connection.ts';
import { FIRST_HEAD_KEPT } from '../connection/notes/turns.ts';
import type { Subject } from '../evidence/define.ts';
import reset from '../evidence/reset/reset.ts';
import type { Answers, Candidate } from './candidate.ts';

/** Times no finer than this hide which of two events came first, seconds. */
const COARSE = 0.01;

/** Facts that are read from payload. */
const OF_CONTENT: ReadonlySet<string> = new Set([
  'application',
  'requestProgress',
  'limit',
  'http2',
  'serverName',
]);

const reads = ({ requires, mayUse }: Cause, facts: ReadonlySet<string>) =>
  requires.some((name) => facts.has(name)) || mayUse.some((name) => facts.has(name));

/**
 * A side sent payload of which not even the beginning is shown: a packet list has the first line of it at best, a
 * capture of headers alone has nothing.
 */
function isContentHidden({ originator, responder }: Connection): boolean {
  const hidden = (turn: Turn | null) =>
    turn !== null && turn.head.length < Math.min(turn.length, FIRST_HEAD_KEPT);
  return [originator, responder].some(({ firstTurn, lastTurn }) => hidden(firstTurn) || hidden(lastTurn));
}

const weakened = ({ cause, answer }: Candidate): Candidate => ({
  cause,
  answer: { ...answer, strength: 'fair' },
});

/**
 * What an input does not show may be what speaks against a cause: an alert that would explain the end, a TTL that
 * would give away a box, the order of two packets. A cause that it could have contradicted is no more than possible.
 */
export function limitByUnseen({ candidates, excluded, doubted }: Answers, subject: Subject): Answers {
  const { resolution, incomplete } = subject.world;
  const hidden = isContentHidden(subject.connection);
  const r = reset.of(subject);
  const unplaced = r.known && r.suspect;
  const limited = candidates.map((candidate) => {
    const { cause, answer } = candidate;
    const byEndpoint = cause.resetBy !== 'path' && answer.sender !== 'middlebox';
    const unread = hidden && reads(cause, OF_CONTENT);
    // Harmless is a claim about what was lost, which only the content shows.
    if (cause.benign && unread && answer.strength === 'proof') return weakened(candidate);
    const doubtful = resolution > COARSE || incomplete || unread || (unplaced && byEndpoint);
    return answer.strength === 'strong' && doubtful ? weakened(candidate) : candidate;
  });
  return { candidates: limited, excluded, doubted };
}
