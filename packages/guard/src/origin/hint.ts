/**
 * Milliseconds that a response's `Keep-Alive` field promises (`timeout=5, max=100`, in any order), or null when
 * it promises none. Servers that mean less than a second advertise 0: Node rounds 300 ms down to `timeout=0`.
 */
export function keepAliveHint(value: string | readonly string[] | null | undefined): number | null {
  if (value === null || value === undefined) return null;
  const text = typeof value === 'string' ? value : value.join(',');
  const seconds = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})/i.exec(text);
  return seconds ? Number(seconds[1]) * 1000 : null;
}

/** Milliseconds from `now` (of the wall clock) that a `Retry-After` field asks for: seconds or an HTTP date. */
export function retryAfter(value: string | null | undefined, now: number): number | null {
  if (value === null || value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  // Date.parse takes "12" and "2026" for years; an HTTP date has letters (RFC 9110 §5.6.7).
  return /[a-z]/i.test(text) && !Number.isNaN(date) ? Math.max(0, date - now) : null;
}
