/** A title inside a sentence: `Stale pool reuse` → `stale pool reuse`, but `TLS alert` stays. */
export function inSentence(title: string): string {
  return /^(?:\p{Lu}\p{Ll}|A )/u.test(title) ? title[0]!.toLowerCase() + title.slice(1) : title;
}

/** With a capital to begin a line. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** With a final stop, whether or not it came with one. */
export function stopped(sentence: string): string {
  return /[.!?]["”')]?$/.test(sentence) ? sentence : `${sentence}.`;
}
