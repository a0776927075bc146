import { type KnownTimeout, timeouts } from '@whyreset/guard/timeouts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import { isFin, isReset } from '../packets.ts';
import application from './application.ts';

export interface LifetimeFact extends Known {
  readonly known: true;
  /** Seconds from the first packet to the FIN or RST that ended it; a lower bound when the start was not seen. */
  age: number;
  /** Answers the server gave. */
  served: number;
  /**
   * Known limits on the number of requests that `served` is exactly. Only where answers are counted: HTTP that can
   * be read, or a count that other connections repeat; a turn of SMTP, XMPP or DCE-RPC is no HTTP request.
   */
  counts: readonly KnownTimeout[];
  /** Known limits on the age of a connection that `age` matches. */
  ages: readonly KnownTimeout[];
}

const SHARE = 0.02;
/** So many connections that ended after the same number of answers are a limit. */
const REPEATED = 3;
const LIMITS = timeouts.filter(({ side }) => side !== 'client');
const COUNTS = LIMITS.filter(({ what }) => what === 'max-requests');
const AGES = LIMITS.filter(({ what, defaultSeconds }) => what === 'max-age' && defaultSeconds !== 0);

/** How long the connection lived and how much it served, against known limits on either. */
export default defineEvidence('Age and number of requests against known limits', (subject) => {
  const { connection, world } = subject;
  const end = connection.timeline.find((p) => isFin(p) || isReset(p));
  if (end === undefined) return unknown('neither side ended the connection');
  const age = end.time - connection.start;
  const served = connection.responder.turns;
  const whole = connection.sawHandshake;
  const app = application.of(subject);
  const http = app.known && app.firstResponse?.protocol === 'http-response';
  const counted = whole && (http || (world.neighbours(world.index)?.sameServed ?? 0) >= REPEATED);
  return {
    known: true,
    age,
    served,
    counts: counted ? COUNTS.filter(({ defaultSeconds }) => defaultSeconds === served) : [],
    ages: whole ? AGES.filter(({ defaultSeconds: s }) => s !== null && Math.abs(age - s) <= SHARE * s) : [],
  };
}).needsTimes(SILENCES);
