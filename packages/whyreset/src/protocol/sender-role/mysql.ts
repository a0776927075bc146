import { client, type ReadSenderRole, server, uint32Little } from './sender-role.ts';

/** Commands: quit, init_db, query, statistics, ping, prepare, execute, close, reset. */
const COMMANDS: ReadonlySet<number> = new Set([1, 2, 3, 9, 0x0e, 0x16, 0x17, 0x19, 0x1a, 0x1f]);
const PROTOCOL_10 = 0x0a;

/** MySQL: a command has sequence 0 and fills the turn; its answer begins with sequence 1. */
export const readMysql: ReadSenderRole = (head, length) => {
  if (head.length < 5) return null;
  const size = uint32Little(head, 0) & 0xff_ffff;
  const sequence = head[3]!;
  const first = head[4]!;
  if (size === 0 || size + 4 > length) return null;
  if (sequence === 0) {
    const digit = head[5] ?? 0;
    if (first === PROTOCOL_10 && digit >= 0x33 && digit <= 0x39)
      return server('the greeting of a MySQL server');
    return COMMANDS.has(first) && size + 4 === length ? client('a MySQL command') : null;
  }
  if (sequence !== 1) return null;
  const only = size + 4 === length;
  const okay = only && first === 0 && size >= 7 && size < 128;
  const error = only && first === 0xff && head[7] === 0x23;
  const followed = !only && head[4 + size + 3] === 2;
  return okay || error || followed ? server('a MySQL answer') : null;
};
