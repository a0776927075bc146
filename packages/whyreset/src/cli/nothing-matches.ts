import { UsageError } from './exit.ts';

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
