import type { ComponentChildren } from 'preact';
import { thousands } from '../../../src/evidence/packets.ts';
import type { Certainty, Finding } from '../../../src/verdict/result.ts';

export function CertaintyMark({ certainty }: { certainty: Certainty }) {
  return (
    <span class={`certainty ${certainty}`}>
      <svg viewBox="0 0 22 6" width="22" height="6" aria-hidden="true">
        <rect class="all" width="22" height="6" rx="3" />
        <rect class="part" height="6" rx="3" />
      </svg>
      {certainty}
    </span>
  );
}

const WORDS = /(the server(?=\b)|the client(?=\b)|a box on the path)/i;

/** A sentence with the ends it names in the colours that the ladder gives them. */
export function Sentence({ text, finding }: { text: string; finding: Finding | null }) {
  const names = new Map<string, string>();
  for (const { endpoint } of finding?.servers ?? []) {
    names.set(endpoint, 'server');
    names.set(endpoint.replace(/:\d+$/, ''), 'server');
  }
  for (const { address } of finding?.clients ?? []) if (!names.has(address)) names.set(address, 'client');
  const exact = [...names.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.[\]]/g, '\\$&'));
  const pattern = exact.length === 0 ? WORDS : new RegExp(`(${exact.join('|')}|${WORDS.source})`, 'i');
  const parts: ComponentChildren[] = [];
  let rest = text;
  for (let found = pattern.exec(rest); found !== null; found = pattern.exec(rest)) {
    const word = found[0];
    const side =
      names.get(word) ?? (/server/i.test(word) ? 'server' : /client/i.test(word) ? 'client' : 'path');
    parts.push(
      rest.slice(0, found.index),
      <span class={`of-${side}${names.has(word) ? ' address' : ''}`}>{word}</span>,
    );
    rest = rest.slice(found.index + word.length);
  }
  return (
    <>
      {parts}
      {rest}
    </>
  );
}

/** The first sentence, and the rest; a stop within a number or an address ends none. */
export function splitHeadline(headline: string): [first: string, rest: string] {
  const end = /\.\s+(?=[A-Z0-9])/.exec(headline);
  return end === null
    ? [headline, '']
    : [headline.slice(0, end.index + 1), headline.slice(end.index + end[0].length)];
}

export const counted = (n: number, one: string, many = `${one}s`) =>
  `${thousands(n)} ${n === 1 ? one : many}`;

/** Times of a packet list without a date count from 0, and no capture is from 1970. */
const isDated = (time: number) => time > 40 * 86_400_000;

/** `01:43:06`, hours going on past midnight where there is no date. */
function timeOfDay(time: number, digits: number): string {
  const iso = new Date(time).toISOString().slice(11, digits === 0 ? 19 : 20 + digits);
  return isDated(time) ? iso : `${String(Math.floor(time / 3_600_000)).padStart(2, '0')}${iso.slice(2)}`;
}

/** The time of day alone, with `digits` of the second. */
export const hourText = (time: number, digits = 0) => timeOfDay(time, digits);

/** `2026-11-21 01:43:06 UTC`; without date and zone where a packet list gives none. */
export function clockText(time: number, digits = 0): string {
  if (!isDated(time)) return timeOfDay(time, digits);
  return `${new Date(time).toISOString().slice(0, 10)} ${timeOfDay(time, digits)} UTC`;
}

/** From one moment to another, the date once. */
export function spanText(from: number, to: number): string {
  const zone = isDated(to) ? ' UTC' : '';
  return `${clockText(from).replace(/ UTC$/, '')} to ${hourText(to)}${zone}`;
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
