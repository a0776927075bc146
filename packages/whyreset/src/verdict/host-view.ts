import type { Archive } from '../connection/archive/archive.ts';
import type { Connection, Side } from '../connection/connection.ts';
import type { HostRecords } from '../host/records.ts';
import type { SeenReset } from '../host/trace-match.ts';
import { HostView } from '../host/view.ts';

/** The RSTs that one side of a connection sent, or seems to have sent; null when there are none. */
export function seenReset({ originator, responder }: Connection, side: Side): SeenReset | null {
  const [own, peer] = side === 'originator' ? [originator, responder] : [responder, originator];
  if (own.rst === null) return null;
  return {
    from: { address: own.address, port: own.port },
    to: { address: peer.address, port: peer.port },
    time: own.rst.time,
    count: own.resets,
  };
}

/** What the hosts recorded, held against all resets of one input; null when nothing was given. */
export function hostViewOf(
  records: HostRecords | null,
  { archive, info }: { archive: Archive; info: { epochSeconds: number } },
): HostView | null {
  if (records === null) return null;
  const view = new HostView(records, info.epochSeconds);
  for (let index = 0; index < archive.length; index++) {
    const connection = archive.connection(index);
    for (const side of ['originator', 'responder'] as const) {
      const seen = seenReset(connection, side);
      if (seen !== null) view.see(seen);
    }
  }
  view.settle();
  return view;
}
