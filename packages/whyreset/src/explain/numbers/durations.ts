/** What a duration in a text measures. */
export type Role =
  /** Time without traffic. */
  | 'idle'
  /** The error comes back after so long. */
  | 'interval'
  /** A limit that the reporting program has set itself. */
  | 'limit'
  /** Time since something began. */
  | 'elapsed';

export interface Duration {
  seconds: number;
  role: Role;
  /** As the text writes it. */
  text: string;
}

const SECONDS: readonly [RegExp, number][] = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/i, 0.001],
  [/^(?:s|secs?|seconds?)$/i, 1],
  [/^(?:m|mins?|minutes?)$/i, 60],
  [/^(?:h|hrs?|hours?)$/i, 3600],
];
const DURATION =
  /(?<![\w.:/-])(\d{1,3}(?:,\d{3}){1,4}|\d{1,12}(?:\.\d{1,9})?)[ -]?(milliseconds?|millis|msecs?|ms|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|m)\b/gi;
/** `duration 1:00:01`, as firewalls write it. */
const CLOCK = /\bduration (\d{1,4}):(\d{2}):(\d{2})\b/g;

const IDLE =
  /\bago\b|\bidle\b|\binactiv|\bsilen|\bunused\b|\bquiet\b|\bno (?:traffic|activity|data)\b|\blast[- ](?:read|write|packet|byte)|\bnot been used\b/i;
const INTERVAL = /\b(?:every|each|exactly|precisely|always(?: after)?|regular\w*)[^.\n]{0,24}$/i;
const LIMIT =
  /\b(?:timeout of|timeout[:= ]{1,3}|keep-?alive[:= ]{1,3}|time limit|within|maximum|max|limit|timed out after|exceeded|configured|waiting for)[^.\n]{0,30}$/i;
const LIMIT_AFTER = /^[^.\n]{0,24}\b(?:exceeded|timeout on|timeout\b|elapsing|limit)/i;

/** Every duration of the text, longest first, at most twelve. */
export function durationsIn(text: string): Duration[] {
  const found: Duration[] = [];
  for (const match of text.matchAll(DURATION)) {
    const unit = SECONDS.find(([name]) => name.test(match[2]!));
    const seconds = Number(match[1]!.replaceAll(',', '')) * (unit?.[1] ?? 0);
    if (!(seconds >= 0.1)) continue;
    found.push({ seconds, role: roleOf(text, match.index, match[0].length), text: match[0] });
  }
  for (const match of text.matchAll(CLOCK)) {
    const seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
    if (seconds > 0) found.push({ seconds, role: 'elapsed', text: match[0] });
  }
  const distinct = found.filter(
    (one, i) => found.findIndex((other) => other.seconds === one.seconds && other.role === one.role) === i,
  );
  return distinct.sort((a, b) => b.seconds - a.seconds).slice(0, 12);
}

function roleOf(text: string, at: number, length: number): Role {
  const before = text.slice(Math.max(0, at - 60), at);
  const after = text.slice(at + length, at + length + 40);
  if (INTERVAL.test(before)) return 'interval';
  if (/^[^.\n]{0,12}\bago\b/i.test(after) || IDLE.test(before.slice(-45)) || IDLE.test(after.slice(0, 25)))
    return 'idle';
  if (LIMIT.test(before) || LIMIT_AFTER.test(after)) return 'limit';
  return 'elapsed';
}
