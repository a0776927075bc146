import type { Connection } from '../connection/connection.ts';
import { other } from '../connection/packet-kind.ts';

/** The same connection with its sides turned: a capture that begins in its middle may have guessed the opener wrong. */
export function swapped(connection: Connection): Connection {
  const { originator, responder, timeline, icmp } = connection;
  return {
    ...connection,
    originator: responder,
    responder: originator,
    timeline: timeline.map((p) => ({ ...p, from: other(p.from) })),
    icmp: icmp.map((note) => ({ ...note, about: other(note.about) })),
  };
}
