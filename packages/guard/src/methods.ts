/**
 * Methods that may be repeated because the second execution changes nothing: RFC 9110 §9.2.2 (PUT, DELETE and
 * the safe methods) and QUERY (RFC 10008).
 */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY']);

/** Methods are case-sensitive (RFC 9110 §9.1): `get` is not GET, and nothing is known of it. */
export const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);

/** Request fields by which a server can tell a repetition (draft-ietf-httpapi-idempotency-key-header-07; Go reads both). */
export const KEY_HEADERS = ['idempotency-key', 'x-idempotency-key'] as const;

/** Asked of every field of every request: most are told by their length. */
function isKey(name: string): boolean {
  for (const key of KEY_HEADERS) if (name.length === key.length && name.toLowerCase() === key) return true;
  return false;
}

/** Whether the header names hold one of {@link KEY_HEADERS}; names in any case. */
export function hasKey(names: Iterable<string>): boolean {
  for (const name of names) if (isKey(name)) return true;
  return false;
}

/** A key for one request and all its attempts. */
export const generatedKey = (): string => crypto.randomUUID();
