/** A time as a list writes it. */
export interface ListedTime {
  /**
   * `absolute`: seconds since 1970; `clock`: seconds since a midnight of unknown date; `relative`: seconds since
   * the first packet or, as nothing in one line tells, since the packet before.
   */
  kind: 'absolute' | 'clock' | 'relative';
  /** Whole seconds, and the rest of a second: nanoseconds survive apart. */
  whole: number;
  fraction: number;
  /** Digits after the decimal point: how fine the clock is. */
  digits: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const CLOCK = String.raw`\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?`;
const ZONE = String.raw`(?:\s?(?:Z|UTC|[+-]\d{2}:?\d{2}|[A-Z]{3,4})\b)?`;

/** What may stand where a list has its time, as the source of a regular expression without groups. */
export const TIME = [
  String.raw`\d{4}[-/]\d{2}[-/]\d{2}[ T]+${CLOCK}${ZONE}`,
  String.raw`[A-Z][a-z]{2}\s+\d{1,2},\s+\d{4}\s+${CLOCK}${ZONE}`,
  String.raw`[A-Z][a-z]{2}\s+\d{1,2}\s+${CLOCK}`,
  CLOCK,
  String.raw`\d{1,10}[.,]\d{1,9}`,
].join('|');

const parts = new RegExp(
  String.raw`^(?:(\d{4})[-/](\d{2})[-/](\d{2})[ T]+|([A-Z][a-z]{2})\s+(\d{1,2})(?:,\s+(\d{4}))?\s+)?` +
    String.raw`(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?\s?(Z|UTC|[+-]\d{2}:?\d{2})?`,
);

/** Above this a bare number of seconds is one since 1970: September 2001. */
const EPOCH = 1e9;

function fractionOf(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(`0.${digits}`);
}

/** Seconds east of UTC. */
function offsetOf(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

/** Reads a text that `TIME` matched; null when it names no possible time. */
export function readTime(text: string): ListedTime | null {
  const seconds = /^(\d{1,10})[.,](\d{1,9})$/.exec(text);
  if (seconds !== null) {
    const whole = Number(seconds[1]);
    const digits = seconds[2]!.length;
    return {
      kind: whole >= EPOCH ? 'absolute' : 'relative',
      whole,
      fraction: fractionOf(seconds[2]),
      digits,
    };
  }
  const found = parts.exec(text);
  if (found === null) return null;
  const [, year, month, day, name, nameDay, nameYear, hours, minutes, rest, digits, zone] = found;
  const ofDay = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  const fraction = { fraction: fractionOf(digits), digits: digits?.length ?? 0 };
  const fullYear = year ?? nameYear;
  if (fullYear === undefined) return { kind: 'clock', whole: ofDay, ...fraction };
  const monthIndex = name === undefined ? Number(month) - 1 : MONTHS.indexOf(name.toLowerCase());
  if (monthIndex < 0 || monthIndex > 11) return null;
  const midnight = Date.UTC(Number(fullYear), monthIndex, Number(day ?? nameDay)) / 1000;
  return { kind: 'absolute', whole: midnight + ofDay - offsetOf(zone), ...fraction };
}
