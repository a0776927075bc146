import type { Archive } from '../connection/archive/archive.ts';
import type { Endpoint } from '../connection/connection.ts';
import type { Hosts } from '../connection/hosts/hosts.ts';
import type { Subject } from '../evidence/define.ts';
import type { Orientation } from '../roles/orientation.ts';
import { OrientedArchive } from '../roles/oriented-archive.ts';
import { Matcher, type Place } from '../vantage/matcher.ts';
import type { Subjects } from './subjects.ts';

/** What one input holds that is to be judged, with its views by other inputs. */
export interface ViewedInput {
  archive: Archive;
  twins: Archive;
  hosts: Hosts;
  until: number;
  /** Connections that the input holds before and after a translation of addresses. */
  translations: number;
  info: { epochSeconds: number; warnings: readonly { code: string }[] };
  /** Which connections are judged, under any of their names; null for all. */
  filter: ((originator: Endpoint, responder: Endpoint) => boolean) | null;
}

/** Warnings of a capture that are not about packets left out between others. */
const LEAVE_NO_HOLE: ReadonlySet<string> = new Set([
  'truncated',
  'unreadable-rest',
  'no-time',
  'unknown-protocol',
  'same-packets',
  'wrong-ip-checksums',
  'wrong-tcp-checksums',
  'garbled-time',
  'unkept-connections',
  'evicted-connections',
]);

/** The troubled connections of all inputs, each once, as the views that the inputs have of it. */
export interface ConnectionViews extends Iterable<Subject[]> {
  /** Connections that more than one input holds, each time beyond the first. */
  readonly repeated: number;
}

function* alone(subjects: Subjects): Generator<Subject[]> {
  for (const subject of subjects) yield [subject];
}

/** One of the connection's names is asked for; a NAT on the way gives it several. */
function wanted(views: readonly Subject[], { filter }: ViewedInput): boolean {
  if (filter === null) return true;
  return views.some(({ connection, world }) =>
    [connection, ...world.pairs.map((pair) => pair.other)].some((c) => filter(c.originator, c.responder)),
  );
}

function* together(
  inputs: readonly ViewedInput[],
  subjects: readonly Subjects[],
  matcher: Matcher,
): Generator<Subject[]> {
  const view = (place: Place) =>
    subjects[place.input]!.at(place.index, { pairs: matcher.pairs(place), watches: matcher.watches(place) });
  for (const [input, { length }] of subjects.entries()) {
    for (let index = 0; index < length; index++) {
      const place = { input, index };
      const troubled = matcher.others(place).filter((other) => other.index < subjects[other.input]!.length);
      // Judged with the first of its views.
      if (troubled.some((other) => other.input < input || (other.input === input && other.index < index)))
        continue;
      const views = [place, ...troubled].map(view);
      if (wanted(views, inputs[input]!)) yield views;
    }
  }
}

/**
 * @param subjects of each input, in the same order
 * @param orientation who is client, as for the subjects
 */
export function viewsOf(
  inputs: readonly ViewedInput[],
  subjects: readonly Subjects[],
  orientation: Orientation,
): ConnectionViews {
  const [only, second] = subjects;
  if (only === undefined) return Object.assign([], { repeated: 0 });
  if (second === undefined && inputs[0]!.translations === 0)
    return { repeated: 0, [Symbol.iterator]: () => alone(only) };
  const matcher = new Matcher(
    inputs.map(({ archive, twins, hosts, until, translations, info }) => ({
      archive: new OrientedArchive(archive, orientation),
      twins: new OrientedArchive(twins, orientation),
      hosts,
      until,
      epochSeconds: info.epochSeconds,
      translated: translations > 0,
      complete: info.warnings.every(({ code }) => LEAVE_NO_HOLE.has(code)),
    })),
  );
  return { repeated: matcher.repeated, [Symbol.iterator]: () => together(inputs, subjects, matcher) };
}
