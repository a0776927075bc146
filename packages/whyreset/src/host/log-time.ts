/** A moment as a log wrote it. */
export interface LogTime {
  /** Seconds since 1970, read as UTC where no zone stands; of the year 1972 where no year stands. */
  seconds: number;
  /** The line names its zone, or counts from 1970. */
  zoned: boolean;
  /** The line names no year. */
  yearless: boolean;
  /** It tells fractions of a second. */
  fine: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = String.raw`(?<h>\d\d):(?<i>\d\d):(?<s>\d\d)(?:[.,](?<f>\d{1,9}))?`;
const ZONE = String.raw`(?:\s?(?<z>Z|UTC|[+-]\d\d:?\d\d)(?![\d:]))?`;

/** The first that a line fits; each is tried on its beginning only, so that no number of the message counts. */
const FORMATS: readonly RegExp[] = [
  // ISO 8601, RFC 3339, RFC 5424, and nginx's error log with slashes.
  new RegExp(String.raw`(?<y>[12]\d{3})[-/](?<m>\d\d)[-/](?<d>\d\d)[T ]${CLOCK}${ZONE}`),
  // Access logs of Apache and nginx, HAProxy: 21/Nov/2026:01:00:00 +0100.
  new RegExp(String.raw`(?<d>\d\d)/(?<b>[A-Z][a-z]{2})/(?<y>[12]\d{3}):${CLOCK}${ZONE}`),
  // Apache's error log: Sat Nov 21 01:00:00.123456 2026.
  new RegExp(String.raw`(?<b>[A-Z][a-z]{2}) {1,2}(?<d>\d{1,2}) ${CLOCK} (?<y>[12]\d{3})\b`),
  // RFC 3164.
  new RegExp(String.raw`(?<b>[A-Z][a-z]{2}) {1,2}(?<d>\d{1,2}) ${CLOCK}`),
  // klog and glog: E1121 01:00:00.123456.
  new RegExp(String.raw`\b[IWEF](?<m>\d\d)(?<d>\d\d) ${CLOCK}`),
];

/** Seconds or milliseconds since 1970, at the start of a line or as a field of JSON. */
const EPOCH = /(?:^\[?|"(?:time|ts|timestamp|@timestamp)":\s?"?)(1\d{9})(?:(\d{3})|\.(\d{1,9}))?(?![\d.])/;

/** A time stamp stands in the first so many characters. */
const REACH = 240;

function zoneOf(text: string | undefined): number {
  const parts = /^([+-])(\d\d):?(\d\d)$/.exec(text ?? '');
  return parts === null ? 0 : (parts[1] === '-' ? -60 : 60) * (Number(parts[2]) * 60 + Number(parts[3]));
}

/** The time stamp of a log line; null without one that is understood. */
export function logTime(line: string): LogTime | null {
  const head = line.slice(0, REACH);
  const epoch = EPOCH.exec(head);
  if (epoch !== null) {
    const fraction = epoch[2] ?? epoch[3] ?? '';
    return {
      seconds: Number(`${epoch[1]}.${fraction || 0}`),
      zoned: true,
      yearless: false,
      fine: fraction !== '',
    };
  }
  for (const format of FORMATS) {
    const found = format.exec(head)?.groups;
    if (found === undefined) continue;
    const { y, m, b, d, h, i, s, f = '', z } = found;
    const month = m === undefined ? MONTHS.indexOf(b!.toLowerCase()) : Number(m) - 1;
    const [day, hour, minute, second] = [Number(d), Number(h), Number(i), Number(s)];
    if (month < 0 || month > 11 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) continue;
    // A leap year, so that 29 February exists.
    const midnight = Date.UTC(y === undefined ? 1972 : Number(y), month, day) / 1000;
    const seconds = midnight + hour * 3600 + minute * 60 + second + Number(`0.${f || 0}`) - zoneOf(z);
    return { seconds, zoned: z !== undefined, yearless: y === undefined, fine: f !== '' };
  }
  return null;
}
