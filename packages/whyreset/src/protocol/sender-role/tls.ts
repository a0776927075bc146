import { client, type ReadSenderRole, server, uint16, uint24 } from './sender-role.ts';

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;

/**
 * Hellos of TLS (RFC 8446 §4). An encrypted record of the handshake may begin
 * with any byte, so the message's length and version have to fit too.
 */
export const readHello: ReadSenderRole = (head) => {
  if (head[0] !== HANDSHAKE || head[1] !== 3 || head.length < 11) return null;
  const message = uint24(head, 6);
  if (message + 4 > uint16(head, 3) || head[9] !== 3) return null;
  if (head[5] === CLIENT_HELLO) return client('a TLS ClientHello');
  return head[5] === SERVER_HELLO ? server('a TLS ServerHello') : null;
};
