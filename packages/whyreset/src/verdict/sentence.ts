import { findCause } from '../causes/find.ts';
import { who } from '../evidence/packets.ts';
import type { ResetEntry, Sender, Verdict } from './result.ts';

const CERTAIN: Record<Verdict['certainty'], string> = {
  proven: 'Proven',
  likely: 'Likely',
  possible: 'Possible',
  undetermined: 'Undetermined',
};

function subjectOf(sender: Sender, entry: ResetEntry | null, inVain: boolean): string {
  // Who guesses from afar stands on no path.
  if (inVain && (sender === 'undetermined' || sender === 'middlebox')) {
    const name = entry?.claimedSender ? `, in the ${who(entry.claimedSender)}'s name,` : '';
    return `${sender === 'middlebox' ? 'A third party' : 'Someone'}${name}`;
  }
  if (sender === 'undetermined') return 'Someone';
  if (sender !== 'middlebox') return `The ${who(sender)}`;
  const claimed = entry?.claimedSender;
  return claimed ? `A box on the path, in the ${who(claimed)}'s name,` : 'A box on the path';
}

/** A title inside a sentence: `Stale pool reuse` → `stale pool reuse`, but `TLS alert` stays. */
export function inSentence(title: string): string {
  return /^\p{Lu}\p{Ll}/u.test(title) ? title[0]!.toLowerCase() + title.slice(1) : title;
}

/** Who, why and how sure, in one sentence. */
export function sentenceOf(
  verdict: Verdict,
  title: string,
  reset: boolean,
  entry: ResetEntry | null,
): string {
  const inVain = verdict.cause !== null && findCause(verdict.cause)?.inVain === true;
  const ended = reset ? 'reset the connection' : 'ended the connection without a reset';
  const ending = inVain ? 'tried in vain to reset the connection' : ended;
  const certainty = verdict.benign
    ? `${CERTAIN[verdict.certainty]}, and harmless`
    : CERTAIN[verdict.certainty];
  return `${subjectOf(verdict.sender, entry, inVain)} ${ending}: ${inSentence(title)}. ${certainty}.`;
}
