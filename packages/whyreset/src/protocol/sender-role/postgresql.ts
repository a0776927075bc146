import { client, type ReadSenderRole, server, uint32 } from './sender-role.ts';

/** Codes of the messages without a type: the protocol's version 3.x, cancel, SSL and GSS requests. */
const UNTYPED: ReadonlySet<number> = new Set([196_608, 196_610, 80_877_102, 80_877_103, 80_877_104]);

/** Types of messages that one side alone sends (PostgreSQL 17, 53.7); D, C, E, S, d, c are sent by both. */
const FRONTEND = 'QPBFXp';
const BACKEND = 'RTZKInts123AN';
const ANY = 'QPBFXpRTZKInts123ANDCESdcfHWVGv';

const MAX_MESSAGE = 1 << 24;

/** Messages of PostgreSQL; what follows the first one has to be a message again. */
export const readPostgresql: ReadSenderRole = (head, length) => {
  if (head.length < 5) return null;
  if (UNTYPED.has(uint32(head, 4)) && uint32(head, 0) === length)
    return client('a PostgreSQL startup message');
  const size = uint32(head, 1);
  if (size < 4 || size > MAX_MESSAGE || 1 + size > length) return null;
  const next = head[1 + size];
  if (next !== undefined && !ANY.includes(String.fromCharCode(next))) return null;
  const type = String.fromCharCode(head[0]!);
  if (FRONTEND.includes(type)) return client('a PostgreSQL message of a client');
  if (BACKEND.includes(type)) return server('a PostgreSQL message of a server');
  // An error begins with its severity field, and only a server's 'S' has a body.
  if (type === 'E' && head[5] === 0x53) return server('a PostgreSQL error');
  return type === 'S' && size > 4 ? server('a PostgreSQL parameter status') : null;
};
