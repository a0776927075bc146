/** `1m30s`, `65s`, `500ms`, `1h`; a bare number is in `bare`. Null for what is no duration. Seconds. */
export function secondsOf(text: string, bare: 'ms' | 's'): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * UNITS[bare]!;
  let rest = text.trim().toLowerCase();
  let total = 0;
  if (rest === '') return null;
  while (rest !== '') {
    const part =
      /^(\d+(?:\.\d+)?)\s*(us|ms|s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?|d|days?|w|y)(?![a-z])\s*/.exec(
        rest,
      );
    if (part === null) return null;
    total += Number(part[1]) * UNITS[part[2]!]!;
    rest = rest.slice(part[0].length);
  }
  return total;
}

const UNITS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  w: 604_800,
  y: 31_536_000,
};

const SIZES: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `10m`, `1MB`, `512KiB`, `100kb`; a bare number counts bytes. Null for what is no size. */
export function bytesOf(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)i?b?$/i.exec(text.trim());
  return match === null ? null : Number(match[1]) * SIZES[match[2]!.toLowerCase()]!;
}

/** `65 s`, `5 min`, `2 h`; never. */
export function durationText(seconds: number): string {
  if (seconds === Number.POSITIVE_INFINITY) return 'for ever';
  if (seconds >= 7200 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds >= 600 && seconds % 60 === 0) return `${seconds / 60} min`;
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${Math.round(seconds * 100) / 100} s`;
}

export function sizeText(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${round(bytes / 1024 ** 3)} GiB`;
  if (bytes >= 1024 ** 2) return `${round(bytes / 1024 ** 2)} MiB`;
  return bytes >= 1024 ? `${round(bytes / 1024)} KiB` : `${bytes} B`;
}

const round = (value: number) => Math.round(value * 10) / 10;
