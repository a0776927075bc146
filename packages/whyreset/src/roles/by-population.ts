import type { Connection, Endpoint, Side } from '../connection/connection.ts';
import { endpointText } from '../connection/endpoint-text.ts';
import type { Hosts } from '../connection/hosts/hosts.ts';
import { endpoint, other } from '../connection/packet-kind.ts';
import type { RoleSign } from '../connection/roles.ts';
import { isEphemeral } from './ephemeral.ts';

const SIDES = ['originator', 'responder'] as const;

/**
 * A service has this many times the peers of an ephemeral port. Client ports
 * come round again in a long capture, so a small surplus shows nothing.
 */
const MANY_TIMES = 2;
/** The same where the port alone would say the opposite: a server in the ephemeral range, a client below it. */
const AGAINST_PORTS = 8;

/** The one side for which `holds`, null when for both or none. */
function only(holds: (side: Side) => boolean): Side | null {
  const [first, second] = SIDES.filter(holds);
  return first === undefined || second !== undefined ? null : first;
}

function sign(server: Side, certainty: RoleSign['certainty'], says: string): RoleSign {
  return { client: other(server), basis: 'population', certainty, says, packets: [] };
}

/** The capture holds a SYN of another connection to one of the two endpoints, and of none to the other. */
export function byOpened(connection: Connection, inputs: readonly Hosts[]): RoleSign | null {
  const opened = ({ address, port }: Endpoint) =>
    Math.max(0, ...inputs.map((hosts) => hosts.opened(address, port)));
  const server = only((side) => opened(endpoint(connection, side)) > 0);
  if (server === null) return null;
  const count = opened(endpoint(connection, server));
  const syns = count === 1 ? 'the SYN of a connection' : `the SYNs of ${count} connections`;
  return sign(
    server,
    'certain',
    `the capture holds ${syns} to ${endpointText(endpoint(connection, server))}`,
  );
}

function isBusier(one: number, two: number, factor: number): boolean {
  return one >= factor && one >= factor * two;
}

function factorFor(connection: Connection, server: Side): number {
  const against =
    isEphemeral(endpoint(connection, server).port) && !isEphemeral(endpoint(connection, other(server)).port);
  return against ? AGAINST_PORTS : MANY_TIMES;
}

/** One endpoint has many peers whose ports differ, the other a single one. */
export function byPeers(connection: Connection, inputs: readonly Hosts[]): RoleSign | null {
  const use = (side: Side) => {
    const { address, port } = endpoint(connection, side);
    const uses = inputs.map((hosts) => hosts.midStreamUse(address, port));
    return uses.reduce((most, next) => Math.max(most, Math.min(next?.peers ?? 0, next?.peerPorts ?? 0)), 0);
  };
  const server = only((side) => isBusier(use(side), use(other(side)), factorFor(connection, side)));
  if (server === null) return null;
  return sign(
    server,
    'certain',
    `${use(server)} connections of this capture go to ${endpointText(endpoint(connection, server))} from different ports`,
  );
}

/** One port number is common to connections of several addresses, the other is not. */
export function byCommonPort(connection: Connection, inputs: readonly Hosts[]): RoleSign | null {
  const uses = (side: Side) => {
    const { port } = endpoint(connection, side);
    const counts = inputs.map((hosts) => {
      const { midStream, opened, openedFrom } = hosts.portUse(port);
      return midStream + opened - openedFrom;
    });
    return Math.max(0, ...counts);
  };
  const server = only((side) => isBusier(uses(side), uses(other(side)), factorFor(connection, side)));
  if (server === null) return null;
  const { port } = endpoint(connection, server);
  return sign(server, 'likely', `${uses(server)} connections of this capture have port ${port} at one end`);
}
