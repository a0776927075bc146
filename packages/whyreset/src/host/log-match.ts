import type { Place } from './place.ts';
import type { LogRecord } from './program-log.ts';

/** A log writes when it gets round to it, many with whole seconds only. */
const TOLERANCE = 2;
/** Without a port or an address in the line, only a moment as close as this speaks for it. */
const TIME_ALONE = 1;
/** All zones in use stand at multiples of a quarter of an hour. */
const ZONE_STEP = 900;
/** Zones in use, minutes east of UTC, that are no whole hours (IANA time zone database). */
const ODD_ZONES = new Set([-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825]);
/** Lines told of one connection. */
const MOST = 3;
const DAY = 86_400;

/** A log line about a connection. */
export interface LoggedError {
  record: LogRecord;
  /** How it was matched, the surest first. */
  by: 'both-ends' | 'client-port' | 'server' | 'address' | 'time';
  /** Seconds from the packet to the line; null when the line has no time. */
  after: number | null;
  /** Minutes east of UTC that the line's clock must be set to for that; 0 where it names its zone. */
  zone: number;
}

const RANK: Record<LoggedError['by'], number> = {
  'both-ends': 0,
  'client-port': 1,
  server: 2,
  address: 3,
  time: 4,
};

function names(record: LogRecord, { address, port }: Place, withPort: boolean): boolean {
  return record.places.some((p) => p.address === address && (withPort ? p.port === port : true));
}

/** Seconds from the packet to the line, whatever zone the line was written in; null when they are no one moment. */
function apart({ time }: LogRecord, moment: number): { after: number; zone: number } | null {
  if (time === null) return null;
  let { seconds } = time;
  if (time.yearless) {
    // The year that brings it nearest; 29 February is left to be off by a day.
    const year = Math.round((moment - seconds) / (365.2425 * DAY));
    const date = new Date(seconds * 1000);
    date.setUTCFullYear(1972 + year);
    seconds = date.getTime() / 1000;
  }
  const after = seconds - moment;
  if (Math.abs(after) <= TOLERANCE) return { after, zone: 0 };
  const zone = (ZONE_STEP / 60) * Math.round(after / ZONE_STEP);
  const inUse = ODD_ZONES.has(zone) || (zone % 60 === 0 && zone >= -720 && zone <= 840);
  if (time.zoned || !inUse) return null;
  const shifted = after - zone * 60;
  return Math.abs(shifted) <= TOLERANCE ? { after: shifted, zone } : null;
}

/** How a line that may be about the connection names it; null when it is about something else. */
function naming(
  record: LogRecord,
  client: Place,
  server: Place,
  after: number | null,
  zone: number,
): LoggedError['by'] | null {
  const atClient = names(record, client, true);
  const atServer = names(record, server, true);
  if (atClient) return atServer ? 'both-ends' : 'client-port';
  // Another connection of the same client in the line: it is about that one.
  const foreign = record.places.some(
    (p) => p.port >= 1024 && p.address === client.address && p.port !== server.port,
  );
  if (foreign || record.time === null) return null;
  if (atServer) return 'server';
  if (names(record, client, false) || names(record, server, false)) return 'address';
  const close = after !== null && zone === 0 && Math.abs(after) <= TIME_ALONE;
  return record.places.length === 0 && close ? 'time' : null;
}

/** The errors of all logs, ready to be asked about many connections. */
export class LogMatch {
  /** By second within a step of zones: a line of the same moment stands there whatever its zone. */
  private readonly seconds: LogRecord[][] = Array.from({ length: ZONE_STEP }, () => []);
  private readonly timeless: LogRecord[] = [];

  constructor(records: readonly LogRecord[]) {
    for (const record of records) {
      if (record.time === null) this.timeless.push(record);
      else this.seconds[within(record.time.seconds)]!.push(record);
    }
  }

  /**
   * The lines about one connection: those that name its ends and were written about then; failing these,
   * those of the same moment. The surest first, a few.
   *
   * @param moment seconds since 1970 of the packet that ended it
   */
  about(client: Place, server: Place, moment: number): LoggedError[] {
    const found: LoggedError[] = [];
    const look = (record: LogRecord, after: number | null, zone: number) => {
      const by = naming(record, client, server, after, zone);
      if (by !== null) found.push({ record, by, after, zone });
    };
    for (const record of this.timeless) look(record, null, 0);
    for (let shift = -TOLERANCE - 1; shift <= TOLERANCE + 1; shift++) {
      for (const record of this.seconds[within(moment + shift)]!) {
        const when = apart(record, moment);
        if (when !== null) look(record, when.after, when.zone);
      }
    }
    // A busy log has lines in every hour: one of another zone counts only where none is of this moment as it stands.
    const plain = new Set(found.filter(({ zone }) => zone === 0).map(({ record }) => record.source));
    return found
      .filter(({ record, zone }) => zone === 0 || !plain.has(record.source))
      .sort((a, b) => RANK[a.by] - RANK[b.by] || Math.abs(a.after ?? 0) - Math.abs(b.after ?? 0))
      .slice(0, MOST);
  }
}

function within(seconds: number): number {
  return ((Math.floor(seconds) % ZONE_STEP) + ZONE_STEP) % ZONE_STEP;
}
