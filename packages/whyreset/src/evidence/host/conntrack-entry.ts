import type { ConntrackRecord } from '../../host/conntrack-list.ts';
import type { Place } from '../../host/place.ts';
import type { LineRef } from '../../host/source.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';

export interface ConntrackEntryFact extends Known {
  readonly known: true;
  says: string;
  lines: LineRef[];
}

const text = ({ address, port }: Place) =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
const same = (a: Place, b: Place) => a.address === b.address && a.port === b.port;

function describe({
  event,
  state,
  timeout,
  unreplied,
  client,
  server,
  answersFrom,
  answersTo,
}: ConntrackRecord): string {
  const parts = [
    event === 'DESTROY' ? 'conntrack removed the connection' : 'conntrack holds the connection',
    ...(state === null ? [] : [`as ${state}`]),
    ...(unreplied ? ['without an answer (UNREPLIED)'] : []),
    ...(timeout === null ? [] : [`to expire ${timeout} s after its last packet`]),
    ...(same(answersFrom, server) ? [] : [`and translates ${text(server)} to ${text(answersFrom)}`]),
    ...(same(answersTo, client) ? [] : [`and translates ${text(client)} to ${text(answersTo)}`]),
  ];
  return parts.join(' ');
}

/** What the tracker of a host or router on the path remembers of the connection. */
export default defineEvidence('What conntrack shows of the connection', ({ world: { host }, connection }) => {
  const found = host?.conntrack(connection.originator, connection.responder) ?? [];
  if (host === null || found.length === 0) return unknown('no list of conntrack shows the connection');
  return {
    known: true,
    says: found.map(describe).join('; then '),
    lines: found.map((entry) => host.lineOf(entry)),
  };
});
