import type { ResetEntry } from '../verdict/result.ts';

/** How the roles are known where no handshake shows them; null where one does. */
export function rolesText({ connection: { originator, roles } }: ResetEntry): string | null {
  if (roles.basis === 'handshake') return null;
  return roles.certainty === 'unknown'
    ? `Which side is the client is not known: ${roles.says}. ${originator} is called the client here.`
    : `No handshake in the capture: ${roles.says}.`;
}
