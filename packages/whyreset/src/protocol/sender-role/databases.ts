import {
  client,
  type ReadSenderRole,
  type SenderRole,
  server,
  uint16,
  uint32,
  uint32Little,
} from './sender-role.ts';

const MONGO_REPLY = 1;
const MONGO_REQUESTS: ReadonlySet<number> = new Set([2001, 2002, 2004, 2005, 2006, 2007]);
/** OP_COMPRESSED and OP_MSG are sent both ways; an answer names the request it answers. */
const MONGO_BOTH: ReadonlySet<number> = new Set([2012, 2013]);

/** MongoDB wire protocol: length, request, answered request, operation. */
export const readMongo: ReadSenderRole = (head, length) => {
  if (head.length < 16 || uint32Little(head, 0) < 16 || uint32Little(head, 0) > length) return null;
  const answers = uint32Little(head, 8);
  const operation = uint32Little(head, 12);
  if (operation === MONGO_REPLY || (MONGO_BOTH.has(operation) && answers !== 0))
    return server('a MongoDB reply');
  return MONGO_REQUESTS.has(operation) || MONGO_BOTH.has(operation) ? client('a MongoDB request') : null;
};

const CQL_REQUESTS: ReadonlySet<number> = new Set([1, 5, 7, 9, 0x0a, 0x0b, 0x0d, 0x0f]);
const CQL_RESPONSES: ReadonlySet<number> = new Set([0, 2, 3, 6, 8, 0x0c, 0x0e, 0x10]);

/** Cassandra's native protocol, versions 3 to 5: the direction is the top bit of the version. */
export const readCassandra: ReadSenderRole = (head, length) => {
  const version = head[0]! & 0x7f;
  if (head.length < 9 || version < 3 || version > 5 || head[1]! > 0x1f) return null;
  if (9 + uint32(head, 5) > length) return null;
  if ((head[0]! & 0x80) !== 0) return CQL_RESPONSES.has(head[4]!) ? server('a Cassandra response') : null;
  return CQL_REQUESTS.has(head[4]!) ? client('a Cassandra request') : null;
};

/** Packet types of TDS (MS-TDS 2.2.3.1.1): batch, RPC, login, SSPI, prelogin; 4 is every answer. */
const TDS_REQUESTS: ReadonlySet<number> = new Set([1, 3, 0x0e, 0x10, 0x11, 0x12]);

/** Microsoft SQL Server. */
export const readTds: ReadSenderRole = (head, length) => {
  const size = uint16(head, 2);
  if (head.length < 8 || head[1]! > 1 || head[7] !== 0 || size < 9 || size > length) return null;
  if (head[0] === 4) return server('a response of a SQL Server');
  return TDS_REQUESTS.has(head[0]!) && uint16(head, 4) < 4096 ? client('a request to a SQL Server') : null;
};

const TNS: Record<number, SenderRole> = {
  1: client('a connect request to an Oracle listener'),
  2: server('an Oracle listener accepting'),
  4: server('an Oracle listener refusing'),
  5: server('an Oracle listener redirecting'),
};

/** Oracle Net: the whole packet's length, a checksum of 0, the type. */
export const readTns: ReadSenderRole = (head, length) => {
  if (head.length < 8 || uint16(head, 0) !== length || uint16(head, 2) !== 0) return null;
  return TNS[head[4]!] ?? null;
};
