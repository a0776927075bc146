import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import idle from './idle.ts';
import { payloadBefore } from './payload-before.ts';

export interface OutlivedSilenceFact extends Known {
  readonly known: true;
  /** Seconds of the longest earlier silence that the client broke, and the server answered. */
  gap: number;
  /** Frames of the payload before it and of the one that broke it. */
  since: number;
  until: number;
}

/** An idle timer may run this much later than it is set: relative, and seconds. */
const LATE = { relative: 0.1, absolute: 0.05 };

/**
 * A longer silence on the same connection that the server let pass: no idle timer as short as the last silence
 * runs there. A server that ended each connection at an age of 4 s was said to close idle ones after 0.2 s.
 */
export default defineEvidence<OutlivedSilenceFact>(
  'A longer silence that the connection had outlived before',
  (subject) => {
    const silence = idle.of(subject);
    if (!silence.known) return unknown(silence.why);
    const { connection } = subject;
    const end = connection.timeline.find((p) => p.number === silence.ended);
    if (end === undefined) return unknown('the end of the connection was not kept');
    let longest: OutlivedSilenceFact | null = null;
    for (const { number, from, sinceFrom, pause, since } of payloadBefore(connection, end)) {
      if (number > silence.since || from !== 'originator' || sinceFrom !== 'responder') continue;
      if (pause > (longest?.gap ?? 0)) longest = { known: true, gap: pause, since, until: number };
    }
    return longest !== null && longest.gap > silence.timer * (1 + LATE.relative) + LATE.absolute
      ? longest
      : unknown('no earlier silence was longer than the last one');
  },
).needsTimes(SILENCES);
