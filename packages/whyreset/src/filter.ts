import type { ConnectionFilter } from './gather.ts';
import { LibraryUsageError } from './usage-error.ts';

interface Wanted {
  address: string;
  port: number;
}

const WANTED = 'as it stands in the report, for example 10.0.0.1:40000>10.0.0.2:80';

function endpoint(text: string, whole: string): Wanted {
  const match = /^\[?([0-9a-fA-F:.]+?)\]?:(\d{1,5})$/.exec(text.trim());
  if (match === null) throw new LibraryUsageError(`'${whole}' is not a connection; write it ${WANTED}`);
  return { address: match[1]!.toLowerCase(), port: Number(match[2]) };
}

/** Which connections a diagnosis is about. */
export interface ConnectionChoice {
  /** As a report writes it: `10.0.0.1:40000>10.0.0.2:80`. */
  connection?: string;
  /** At either end. */
  port?: number;
  /** More than one file will come. */
  several?: boolean;
}

/** The connections that are asked for; null for all. Throws `LibraryUsageError`. */
export function connectionFilter(options: ConnectionChoice): ConnectionFilter | null {
  const { connection, port } = options;
  if (connection === undefined && port === undefined) return null;
  let pair: [Wanted, Wanted] | null = null;
  if (connection !== undefined) {
    const [from, to, rest] = connection.split('>');
    if (from === undefined || to === undefined || rest !== undefined) {
      throw new LibraryUsageError(`'${connection}' is not a connection; write it ${WANTED}`);
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
