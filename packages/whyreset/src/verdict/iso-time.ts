/**
 * ISO 8601 in UTC with microseconds, or nanoseconds when the capture has them.
 * @param epochSeconds integer seconds since 1970
 * @param offset seconds after that, may be negative
 */
export function isoTime(epochSeconds: number, offset: number): string {
  const whole = Math.floor(offset);
  let nanoseconds = Math.round((offset - whole) * 1e9);
  let seconds = epochSeconds + whole;
  if (nanoseconds >= 1e9) {
    nanoseconds -= 1e9;
    seconds += 1;
  }
  const digits =
    nanoseconds % 1000 === 0
      ? String(nanoseconds / 1000).padStart(6, '0')
      : String(nanoseconds).padStart(9, '0');
  const milliseconds = seconds * 1000;
  // Captures with a damaged clock may lie outside what Date can name.
  if (!(Math.abs(milliseconds) <= 8.64e15)) return `${seconds}.${digits}`;
  return `${new Date(milliseconds).toISOString().slice(0, -5)}.${digits}Z`;
}
