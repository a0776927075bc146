import { DELAYS, defineEvidence, type Known, unknown } from '../define.ts';
import { isFin, isReset, seconds } from '../packets.ts';

export interface NextAttemptsFact extends Known {
  readonly known: true;
  /** Seconds from the end of this connection to the first that the same port accepted; -1 when none came. */
  accepted: number;
  /** Seconds to the first that it refused before that; -1 when none was refused. */
  firstRefused: number;
  /** Attempts that it refused before it accepted one, or until the capture ends. */
  refused: number;
  /** False when the capture holds more attempts than are kept: `accepted` is then the latest that it can be. */
  exact: boolean;
  /** One sentence without a final stop. */
  says: string;
}

/** The port refused before it accepted again, if it did: nothing listened there for a while. */
export const refuses = ({ refused }: NextAttemptsFact): boolean => refused > 0;

/** The port accepted the next attempt: its program, or its supervisor, lived on. */
export const accepts = ({ accepted, refused }: NextAttemptsFact): boolean => accepted >= 0 && refused === 0;

function sayingOf(accepted: number, firstRefused: number, refused: number, exact: boolean): string {
  const after = `${seconds(accepted)} ${exact ? 'later' : 'later at most'} the same port accepted a connection`;
  if (refused === 0) return after;
  const attempts = refused === 1 ? 'an attempt' : `${refused} attempts`;
  const refusal = `the port refused ${attempts}, the first ${seconds(firstRefused)} later`;
  return accepted < 0
    ? `${refusal}, and accepted none since`
    : `${refusal}, and accepted one ${seconds(accepted)} after the end`;
}

/**
 * What the next clients met at the same port. A process that died refuses until it is started again; one that goes
 * on accepting lives, or its supervisor does. The first attempt after the end decides, not the last.
 */
export default defineEvidence('Whether the port accepted the next connection after the end', (subject) => {
  const { connection, world } = subject;
  const { timeline, responder } = connection;
  const end = timeline.find((p) => isFin(p) || isReset(p)) ?? timeline.at(-1);
  if (end === undefined) return unknown('no packet was kept in the timeline');
  const later = world.after(responder.address, responder.port, end.time);
  if (later === null) return unknown('no connection to this server was seen to open');
  const { firstAccepted, refused, exact } = later;
  if (firstAccepted < 0 && refused === 0) return unknown('no further attempt at this port was captured');
  const accepted = firstAccepted < 0 ? -1 : firstAccepted - end.time;
  const firstRefused = later.firstRefused < 0 ? -1 : later.firstRefused - end.time;
  return {
    known: true,
    accepted,
    firstRefused,
    refused,
    exact,
    says: sayingOf(accepted, firstRefused, refused, exact),
  };
}).needsTimes(DELAYS);
