import { exchange, headOf, type RawAnswer } from './raw-exchange.ts';
import type { Target } from './target.ts';

/** What a server does at the edges of an exchange; null where it was not asked. */
export interface Manners {
  /** Whether a request with `Connection: close` is answered, and how the connection ends behind it. */
  close: RawAnswer;
  /** The same for a client that sends its FIN right behind the request, and waits. */
  halfClose: RawAnswer;
  /** The same for a body that is large: answered early, read out, or reset. */
  upload: (RawAnswer & { bytes: number }) | null;
}

/** Connections that {@link measureManners} opens at most. */
export const MANNERS_CONNECTIONS = 3;

/** @param upload bytes of body; 0: nothing is uploaded. */
export async function measureManners(target: Target, upload: number, signal: AbortSignal): Promise<Manners> {
  const get = (...fields: string[]) => headOf(target, 'GET', fields);
  const close = await exchange(target, get('Connection: close'), signal);
  const halfClose = await exchange(target, get('Connection: keep-alive'), signal, { half: true });
  if (upload === 0) return { close, halfClose, upload: null };
  const head = headOf(target, 'POST', [
    'Content-Type: application/octet-stream',
    `Content-Length: ${upload}`,
    'Connection: close',
  ]);
  const sent = await exchange(target, head, signal, { body: upload });
  return { close, halfClose, upload: { ...sent, bytes: upload } };
}
