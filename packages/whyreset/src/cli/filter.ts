import type { ConnectionFilter } from '../gather.ts';
import { UsageError } from './exit.ts';

interface Wanted {
  address: string;
  port: number;
}

const WANTED = 'as it stands in the report, for example 10.0.0.1:40000>10.0.0.2:80';

function endpoint(text: string, whole: string): Wanted {
  const match = /^\[?([0-9a-fA-F:.]+?)\]?:(\d{1,5})$/.exec(text.trim());
  if (match === null)
    throw new UsageError(`--connection '${whole}' is not a connection; write it ${WANTED}.`);
  return { address: match[1]!.toLowerCase(), port: Number(match[2]) };
}

/** The connections that `--connection` and `--port` ask for; null for all. */
export function connectionFilter(options: { connection?: string; port?: number }): ConnectionFilter | null {
  const { connection, port } = options;
  if (connection === undefined && port === undefined) return null;
  let pair: [Wanted, Wanted] | null = null;
  if (connection !== undefined) {
    const [from, to, rest] = connection.split('>');
    if (from === undefined || to === undefined || rest !== undefined) {
      throw new UsageError(`--connection '${connection}' is not a connection; write it ${WANTED}.`);
    }
    pair = [endpoint(from, connection), endpoint(to, connection)];
  }
  const is = (end: Wanted, wanted: Wanted) => end.address === wanted.address && end.port === wanted.port;
  return (originator, responder) => {
    if (port !== undefined && originator.port !== port && responder.port !== port) return false;
    if (pair === null) return true;
    const [from, to] = pair;
    // Who opened it can be a guess in mid-stream captures: both directions are meant.
    return (is(originator, from) && is(responder, to)) || (is(originator, to) && is(responder, from));
  };
}

/** The sentence for a filter that no connection passes. */
export function nothingMatches(
  { connection, port }: { connection?: string; port?: number },
  names: readonly string[],
): UsageError {
  const wanted = [
    ...(connection === undefined ? [] : [`is ${connection}`]),
    ...(port === undefined ? [] : [`has port ${port} at either end`]),
  ].join(' and ');
  return new UsageError(
    `No connection in ${names.join(', ')} ${wanted}; "whyreset connections ${names[0]}" lists those that are there.`,
  );
}
