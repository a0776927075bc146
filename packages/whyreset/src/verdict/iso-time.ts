const pad = (digits: number, width: number) => String(digits).padStart(width, '0');

/* The second named last: a capture's connections mostly end in few of them, and Date takes its time. */
let latest = Number.NaN;
let latestText = '';

function wholeSecond(seconds: number): string {
  if (seconds !== latest) {
    latest = seconds;
    latestText = new Date(seconds * 1000).toISOString().slice(0, -5);
  }
  return latestText;
}

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
  const digits = nanoseconds % 1000 === 0 ? pad(nanoseconds / 1000, 6) : pad(nanoseconds, 9);
  // Captures with a damaged clock may lie outside what Date can name.
  if (!(Math.abs(seconds * 1000) <= 8.64e15)) return `${seconds}.${digits}`;
  return `${wholeSecond(seconds)}.${digits}Z`;
}
