import type { Connection, Side, Turn } from '../connection/connection.ts';
import { endpointText } from '../connection/endpoint-text.ts';
import { endpoint, other } from '../connection/packet-kind.ts';
import type { RoleSign } from '../connection/roles.ts';
import { senderRoleOf } from '../protocol/sender-role/index.ts';

const SIDES = ['originator', 'responder'] as const;

function read(connection: Connection, side: Side, turn: Turn | null): RoleSign | null {
  if (turn === null) return null;
  const sender = senderRoleOf(turn.head, Math.max(turn.length, turn.head.length));
  if (sender === null) return null;
  return {
    client: sender.role === 'client' ? side : other(side),
    basis: 'words',
    certainty: 'certain',
    says: `packet ${turn.number} from ${endpointText(endpoint(connection, side))} is ${sender.what}`,
    packets: [turn.number],
  };
}

/**
 * Requests come from clients, greetings and answers from servers. Null when
 * nothing readable shows it, and when the sides' words disagree.
 */
export function byWords(connection: Connection): RoleSign | null {
  const signs: RoleSign[] = [];
  for (const side of SIDES) {
    const { firstTurn, lastTurn } = endpoint(connection, side);
    for (const turn of firstTurn === lastTurn ? [firstTurn] : [firstTurn, lastTurn]) {
      const sign = read(connection, side, turn);
      if (sign !== null) signs.push(sign);
    }
  }
  const [first] = signs;
  return first === undefined || signs.some(({ client }) => client !== first.client) ? null : first;
}
