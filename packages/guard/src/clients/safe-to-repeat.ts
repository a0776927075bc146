import { hasKey, isIdempotent } from '../methods.ts';

/** Codes with which no connection came about, when the system call says so. */
const BEFORE_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);
const CONNECTION_LOST = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'UND_ERR_SOCKET']);

/**
 * Whether a client's own retry may repeat a request, judged by its error alone: with no proof at hand, only when no
 * connection came about, or when the request may be executed twice. An error that a guard has already looked at (it
 * has `whyreset`) was retried as far as it may be.
 */
export function safeToRepeat(error: unknown, method: string, headerNames: Iterable<string>): boolean {
  if (typeof error !== 'object' || error === null || 'whyreset' in error) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof cause === 'object' && cause !== null && 'whyreset' in cause) return false;
  if (typeof code !== 'string') return false;
  if (BEFORE_CONNECTION.has(code)) return true;
  return CONNECTION_LOST.has(code) && (isIdempotent(method) || hasKey(headerNames));
}
