import type { Connection } from '../connection/connection.ts';
import type { RoleSign, Roles } from '../connection/roles.ts';
import { isEphemeral } from './ephemeral.ts';
import { isServicePort } from './service-ports.ts';

/** Ports below need privileges: with an ephemeral port at the other end there is no doubt. */
const PRIVILEGED = 1024;

function sign(
  { originator, responder }: Connection,
  server: number,
  roles: Pick<Roles, 'basis' | 'certainty' | 'says'>,
): RoleSign {
  // Equal ports show nothing and never come here.
  const client = server === responder.port && server !== originator.port ? 'originator' : 'responder';
  return { client, packets: [], ...roles };
}

/**
 * An ephemeral port against one that is not. A service that listens in the
 * ephemeral range (gRPC 50051, MySQL X 33060) is left to the list, as clients
 * with a widened range connect to it from any port.
 */
export function byEphemeralPort(connection: Connection): RoleSign | null {
  const { originator, responder } = connection;
  const [low, high] = [originator.port, responder.port].sort((a, b) => a - b) as [number, number];
  if (isEphemeral(low) || !isEphemeral(high) || isServicePort(high)) return null;
  return sign(connection, low, {
    basis: 'ports',
    certainty: low < PRIVILEGED && isServicePort(low) ? 'certain' : 'likely',
    says: `port ${high} is in the range of ephemeral ports and port ${low} is not`,
  });
}

/** One port is a usual server port and the other is not. */
export function byServicePort(connection: Connection): RoleSign | null {
  const { originator, responder } = connection;
  if (isServicePort(originator.port) === isServicePort(responder.port)) return null;
  const port = isServicePort(originator.port) ? originator.port : responder.port;
  return sign(connection, port, {
    basis: 'list',
    certainty: 'likely',
    says: `port ${port} is a usual server port`,
  });
}
