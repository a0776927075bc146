const pad = (digits: number, width: number) => String(digits).padStart(width, '0');

/* Seconds named lately: the ends of a capture's connections lie close together, and Date takes its time. */
const KEPT = 64;
const seconds = new Float64Array(KEPT).fill(Number.NaN);
const texts: string[] = new Array<string>(KEPT).fill('');

/** `2026-11-21T01:50:24` */
function wholeSecond(second: number): string {
  const place = Math.abs(second) % KEPT;
  if (seconds[place] !== second) {
    seconds[place] = second;
    texts[place] = new Date(second * 1000).toISOString().slice(0, -5);
  }
  return texts[place]!;
}

/**
 * ISO 8601 in UTC with microseconds, or nanoseconds when the capture has them.
 * @param epochSeconds integer seconds since 1970
 * @param offset seconds after that, may be negative
 */
export function isoTime(epochSeconds: number, offset: number): string {
  const whole = Math.floor(offset);
  let nanoseconds = Math.round((offset - whole) * 1e9);
  let second = epochSeconds + whole;
  if (nanoseconds >= 1e9) {
    nanoseconds -= 1e9;
    second += 1;
  }
  const digits = nanoseconds % 1000 === 0 ? pad(nanoseconds / 1000, 6) : pad(nanoseconds, 9);
  // Captures with a damaged clock may lie outside what Date can name.
  if (!(Math.abs(second * 1000) <= 8.64e15)) return `${second}.${digits}`;
  return `${wholeSecond(second)}.${digits}Z`;
}
