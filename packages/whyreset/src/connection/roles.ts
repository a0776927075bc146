import type { Side } from './connection.ts';

/** What shows which side is the client, in the order in which it counts. */
export type RolesBasis = 'handshake' | 'population' | 'words' | 'ports' | 'list' | 'none';

/**
 * How it is known that the originator is the client.
 *
 * `certain`: a SYN, other connections to the same endpoint, or the sides'
 * own words show it. `likely`: the port numbers suggest it. `unknown`: nothing
 * does, and who is client is a guess that no sentence may rest on.
 */
export interface Roles {
  readonly basis: RolesBasis;
  readonly certainty: 'certain' | 'likely' | 'unknown';
  /** A whole sentence without its full stop. */
  readonly says: string;
  /** Frames that show it. */
  readonly packets: readonly number[];
}

/** One sign of who is the client. */
export interface RoleSign extends Roles {
  readonly client: Side;
}

/** Before anything was looked at, and where nothing shows it. */
export const UNKNOWN_ROLES: Roles = {
  basis: 'none',
  certainty: 'unknown',
  says: 'the capture holds no handshake, no other connection to either end and no readable bytes, and the port numbers do not tell',
  packets: [],
};
