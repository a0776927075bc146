import type { LoggedError } from '../../host/log-match.ts';
import type { LineRef } from '../../host/source.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { seconds } from '../packets.ts';
import reset from '../reset/reset.ts';

export interface ProgramLogFact extends Known {
  readonly known: true;
  /** The surest match first. */
  errors: { says: string; line: LineRef }[];
}

const BY: Record<LoggedError['by'], string> = {
  'both-ends': 'of this very connection',
  'client-port': 'of this very connection',
  server: 'about this server',
  address: 'about one of these hosts',
  time: 'at the same moment, without an address',
};

function when(after: number | null, fine: boolean): string {
  if (after === null) return '';
  if (!fine)
    return Math.abs(after) <= 1 ? ' in that second' : ` ${after < 0 ? 'shortly before' : 'shortly after'} it`;
  return Math.abs(after) < 0.001
    ? ' at that moment'
    : ` ${seconds(Math.abs(after))} ${after < 0 ? 'before' : 'after'} it`;
}

/** What has to be true of the log's clock for the moment to be the same. */
function clockOf(zone: number): string {
  if (zone === 0) return '';
  const minutes = Math.abs(zone);
  const part = minutes % 60 === 0 ? '' : `:${minutes % 60}`;
  return ` (if its clock is UTC${zone < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${part})`;
}

/** What the programs at the ends, or between them, wrote when it happened; it says who noticed, never who did it. */
export default defineEvidence('What a program wrote in its log when it happened', (subject) => {
  const { host } = subject.world;
  if (host === null || !host.given.log) return unknown('no log was given');
  const { originator, responder, end } = subject.connection;
  const r = reset.of(subject);
  const found = host.logged(originator, responder, r.known ? r.packet.time : end);
  if (found.length === 0) return unknown('no line of the log is about this connection');
  return {
    known: true,
    errors: found.map(({ record, by, after, zone }) => ({
      says: `${record.program} logged${when(after, record.time?.fine === true)}${clockOf(zone)}, ${BY[by]}: “${record.words}” (${record.title})`,
      line: host.lineOf(record),
    })),
  };
});
