/** What tells one end from another; the other counters move with any traffic. */
const TELLING = [
  'OutRsts',
  'EstabResets',
  'AttemptFails',
  'TCPAbortOnData',
  'TCPAbortOnClose',
  'TCPAbortOnTimeout',
  'TCPAbortOnLinger',
  'TCPAbortOnMemory',
  'TCPAbortFailed',
  'EmbryonicRsts',
  'ListenOverflows',
  'ListenDrops',
  'TCPKeepAlive',
  'TCPChallengeACK',
] as const;

type Deltas = ReadonlyMap<string, number>;

const moved = (deltas: Deltas, name: string): number => deltas.get(name) ?? 0;

/** Counters of sockets that end themselves with a RST. */
export const ABORTS = [
  'TCPAbortOnData',
  'TCPAbortOnClose',
  'TCPAbortOnTimeout',
  'TCPAbortOnLinger',
  'TCPAbortOnMemory',
] as const;

/** Aborts counted in all. */
export function aborts(deltas: Deltas): number {
  return ABORTS.reduce((sum, name) => sum + moved(deltas, name), 0);
}

/** `TCPAbortOnClose +1, OutRsts +1`; empty when nothing that tells has moved. */
export function movedCounters(deltas: Deltas): string {
  return TELLING.filter((name) => moved(deltas, name) > 0)
    .map((name) => `${name} +${moved(deltas, name)}`)
    .join(', ');
}

/** What the changes stand for at the host that sent the RSTs (measured, Linux 6.18); null when they fit several things. */
export function readingOf(deltas: Deltas): string | null {
  const of = (name: string) => moved(deltas, name);
  const kinds = ABORTS.filter((name) => of(name) > 0);
  if (kinds.length > 1) return null;
  if (of('TCPAbortOnClose') > 0) return 'sockets were closed with received bytes unread';
  if (of('TCPAbortOnData') > 0)
    return of('EstabResets') > 0
      ? 'sockets were aborted by SO_LINGER 0'
      : 'data arrived for sockets that had been closed';
  if (of('TCPAbortOnTimeout') > 0) return 'a timer gave up: keep-alive, user timeout or retransmissions';
  if (of('TCPAbortOnLinger') > 0) return 'TCP_LINGER2 was negative';
  if (of('TCPAbortOnMemory') > 0) return 'orphaned sockets or TCP memory ran over their limit';
  if (of('EmbryonicRsts') > 0 && of('ListenOverflows') > 0) return 'the accept queue was full and overflowed';
  if (of('OutRsts') === 0) return 'this TCP stack sent no RST at all';
  return of('EstabResets') > 0
    ? 'connections were ended from outside (ss -K) or with their listener'
    : 'segments came for which there was no connection (no socket, TIME_WAIT or only a listener)';
}
