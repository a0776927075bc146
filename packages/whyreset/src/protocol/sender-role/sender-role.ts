/** The role of the sender in its protocol, as far as the bytes show it themselves. */
export interface SenderRole {
  role: 'client' | 'server';
  /** What they are, as the end of "packet 3 is …": `an HTTP request`. */
  what: string;
}

/**
 * Reads the first bytes of a turn; null when they do not show the role. Never throws.
 * @param head first bytes of the turn, at least one
 * @param length payload bytes of the whole turn, at least `head.length`
 */
export type ReadSenderRole = (head: Uint8Array, length: number) => SenderRole | null;

export const client = (what: string): SenderRole => ({ role: 'client', what });
export const server = (what: string): SenderRole => ({ role: 'server', what });

/** Big-endian, 0 beyond the end. */
export const uint16 = (head: Uint8Array, at: number) => ((head[at] ?? 0) << 8) | (head[at + 1] ?? 0);
export const uint24 = (head: Uint8Array, at: number) => (uint16(head, at) << 8) | (head[at + 2] ?? 0);
export const uint32 = (head: Uint8Array, at: number) => uint16(head, at) * 65_536 + uint16(head, at + 2);
/** Little-endian, 0 beyond the end. */
export const uint32Little = (head: Uint8Array, at: number) =>
  ((head[at] ?? 0) |
    ((head[at + 1] ?? 0) << 8) |
    ((head[at + 2] ?? 0) << 16) |
    ((head[at + 3] ?? 0) << 24)) >>>
  0;

/** At most `most` bytes from `at` as Latin-1. */
export function latin1(head: Uint8Array, at = 0, most = head.length): string {
  const end = Math.min(head.length, at + most);
  let text = '';
  // A spread of a typed array goes through its iterator and takes ten times as long.
  for (let i = at; i < end; i++) text += String.fromCharCode(head[i]!);
  return text;
}
