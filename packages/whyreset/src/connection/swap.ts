import type { Connection, ConnState } from './connection.ts';
import { other } from './packet-kind.ts';

const MIRRORED: Partial<Record<ConnState, ConnState>> = {
  S2: 'S3',
  S3: 'S2',
  SH: 'SHR',
  SHR: 'SH',
  RSTO: 'RSTR',
  RSTR: 'RSTO',
  RSTOS0: 'RSTRH',
  RSTRH: 'OTH',
  S0: 'OTH',
};

/** `conn_state` as Zeek would have it, had it taken the other side for the originator (see `conn-state.ts`). */
function mirroredState({ state, originator, responder }: Connection): ConnState {
  if (state === 'OTH') return originator.rst === null ? 'OTH' : 'RSTRH';
  if (state === 'REJ') return originator.rst === null ? 'RSTO' : 'REJ';
  if (state === 'RSTO' && responder.packets === 0) return 'RSTRH';
  return MIRRORED[state] ?? state;
}

/** Zeek writes the originator's letters in capitals, and `^` where it turned the direction round. */
function mirroredHistory(history: string): string {
  const letters = history.replace(/[a-z]/gi, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
  return letters.includes('^') ? letters.replace('^', '') : `^${letters}`;
}

/**
 * The same connection with its sides exchanged, `state` and `history` with
 * them: where no SYN was in view, Zeek's rule for the originator (47 known
 * ports, else who was seen first) may have taken the server for it.
 */
export function swapped(connection: Connection): Connection {
  const { originator, responder, timeline, icmp, foreignSack } = connection;
  return {
    ...connection,
    originator: responder,
    responder: originator,
    state: mirroredState(connection),
    history: mirroredHistory(connection.history),
    sawHandshake: responder.synSeen,
    timeline: timeline.map((p) => ({ ...p, from: other(p.from) })),
    foreignSack: foreignSack === null ? null : { ...foreignSack, from: other(foreignSack.from) },
    icmp: icmp.map((note) => ({ ...note, about: other(note.about) })),
  };
}
