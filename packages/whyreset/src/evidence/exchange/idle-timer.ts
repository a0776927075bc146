import neighbours, { eventIn } from '../around/neighbours.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import { seconds } from '../packets.ts';
import { HINT_SLACK } from '../thresholds.ts';
import idle from './idle.ts';
import keepAliveHint from './keep-alive-hint.ts';
import knownTimeout, { matchesOf, named } from './known-timeout.ts';
import outlivedSilence from './outlived-silence.ts';

export interface IdleTimerFact extends Known {
  readonly known: true;
  /** Seconds from the last payload to the end. */
  timer: number;
  /** What shows that a timer of the server ran out: one sentence each without a final stop. */
  says: string[];
  /** Frame of the end. */
  ended: number;
}

/** Timers that end a connection because it was idle. */
const IDLE_KINDS = new Set(['server-keepalive', 'lb-idle', 'db-session']);

/**
 * Whether an idle timer of the server ended the connection. One close after a silence is no timer: a restart, a
 * crash and an operator look the same. A second witness is needed: the same silence on connections that ended at
 * other moments, a known default, or the timeout that the server announced. Connections of different age that end
 * in one instant are one event, and no timer of each.
 */
export default defineEvidence<IdleTimerFact>(
  'Whether an idle timer of the server ended the connection',
  (subject) => {
    const silence = idle.of(subject);
    if (!silence.known || !silence.idle) return unknown('the connection was not idle');
    const outlived = outlivedSilence.of(subject);
    if (outlived.known) return unknown(`the server had let ${seconds(outlived.gap)} of silence pass before`);
    const near = neighbours.of(subject);
    const repeated = near.known && near.sameSilence > near.sameInstant;
    const event = near.known && !repeated ? eventIn(near) : null;
    if (event !== null) return unknown(event);
    const says: string[] = [];
    if (near.known && repeated)
      says.push(`${near.sameSilence} connections to this server ended after the same silence`);
    const known = knownTimeout.of(subject);
    const defaults = known.known
      ? matchesOf(known, 'responder').filter(({ what }) => IDLE_KINDS.has(what))
      : [];
    if (known.known && defaults.length > 0)
      says.push(`${seconds(known.measured.responder)} is a known default of ${named(defaults)}`);
    const hint = keepAliveHint.of(subject);
    const late = hint.known ? silence.timer - hint.seconds : -1;
    if (hint.known && late >= 0 && late < HINT_SLACK + 0.5)
      says.push(`the server announced Keep-Alive: timeout=${hint.seconds}`);
    if (says.length === 0) return unknown('one close after a silence shows no timer');
    return { known: true, timer: silence.timer, says, ended: silence.ended };
  },
).needsTimes(SILENCES);
