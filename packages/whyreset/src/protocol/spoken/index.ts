import { reasonInBinary } from './binary.ts';
import { reasonInDatabase } from './databases.ts';
import { reasonInHttp } from './http.ts';
import { reasonInMessaging } from './messaging.ts';
import type { SpokenReason } from './reason.ts';
import { reasonInLine } from './text-lines.ts';

export { reasonInWebSocket } from './messaging.ts';
export type { ReasonClass, SpokenReason } from './reason.ts';

/**
 * The reason that the head of a turn gives for the end of the connection, in the words of its own protocol; null
 * when it gives none. Never throws, whatever the bytes. Frames of WebSocket and HTTP/2 are read only where the
 * connection is known to carry them (`reasonInWebSocket`, `endFrames`).
 */
export function spokenReason(head: Uint8Array): SpokenReason | null {
  if (head.length === 0) return null;
  return (
    reasonInHttp(head) ??
    reasonInDatabase(head) ??
    reasonInMessaging(head) ??
    reasonInBinary(head) ??
    reasonInLine(head)
  );
}
