import type { Connection } from '../connection/connection.ts';
import type { Hosts } from '../connection/hosts/hosts.ts';
import { type RoleSign, UNKNOWN_ROLES } from '../connection/roles.ts';
import { swapped } from '../connection/swap.ts';
import { byHandshake } from './by-handshake.ts';
import { byCommonPort, byOpened, byPeers } from './by-population.ts';
import { byEphemeralPort, byServicePort } from './by-ports.ts';
import { byWords } from './by-words.ts';

/**
 * Gives each connection the client as its originator. Zeek's originator, which
 * `whyreset connections` shows, is the side that was seen first unless one of
 * 47 ports says otherwise: in a capture that begins in the middle of pooled
 * connections that is as often the server as the client.
 */
export class Orientation {
  private readonly inputs: readonly Hosts[];

  /** @param inputs the hosts of all inputs: a handshake that one of them holds counts for the others */
  constructor(inputs: readonly Hosts[]) {
    this.inputs = inputs;
  }

  orient(connection: Connection): Connection {
    const sign = this.strongestSign(connection);
    if (sign === null) return { ...connection, roles: UNKNOWN_ROLES };
    const { client, ...roles } = sign;
    return { ...(client === 'originator' ? connection : swapped(connection)), roles };
  }

  private strongestSign(connection: Connection): RoleSign | null {
    const { inputs } = this;
    return (
      byHandshake(connection) ??
      byOpened(connection, inputs) ??
      // A request that can be read is worth more than a count: client ports are used again for other servers.
      byWords(connection) ??
      byPeers(connection, inputs) ??
      byCommonPort(connection, inputs) ??
      byEphemeralPort(connection) ??
      byServicePort(connection)
    );
  }
}
