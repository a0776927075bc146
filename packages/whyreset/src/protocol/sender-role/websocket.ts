import { client, type ReadSenderRole, server, uint16 } from './sender-role.ts';

/** Text, binary, close, ping and pong, in one frame. */
const OPCODES: ReadonlySet<number> = new Set([0x81, 0x82, 0x88, 0x89, 0x8a]);

/** WebSocket frames: a client masks all of them, a server none (RFC 6455 §5.1). Only a frame that fills the turn counts. */
export const readWebSocket: ReadSenderRole = (head, length) => {
  if (!OPCODES.has(head[0]!) || head.length < 2) return null;
  const masked = (head[1]! & 0x80) !== 0;
  const short = head[1]! & 0x7f;
  if (short === 127) return null;
  const size = short === 126 ? uint16(head, 2) : short;
  const frame = 2 + (short === 126 ? 2 : 0) + (masked ? 4 : 0) + size;
  if (frame !== length) return null;
  return masked ? client('a masked WebSocket frame') : server('an unmasked WebSocket frame');
};
