import { seconds } from '../evidence/packets.ts';
import type { EvidenceLine, InputSummary, LadderRow, ResetEntry, VantageEntry } from '../verdict/result.ts';
import { count, listed } from './words.ts';

/** A connection that several captures hold: sentences and marks that every rendering shares. */

const base = (name: string) => name.replace(/^.*[\\/](?=.)/, '');

/** The file's name without its folder, where that tells the inputs apart. */
export function nameOf(inputs: readonly InputSummary[], input: number): string {
  const name = inputs[input]?.name ?? `input ${input + 1}`;
  const alike = inputs.filter((other) => base(other.name) === base(name)).length;
  return alike > 1 ? name : base(name);
}

/** `clocks differ by +1.204 s ± 200 µs`, with as many digits as are known. */
function clockText({ offset, error }: NonNullable<VantageEntry['clock']>): string {
  if (Math.abs(offset) <= error) return `clocks agree within ${seconds(error)}`;
  const digits = error <= 0 ? 6 : Math.min(6, Math.max(1, Math.ceil(-Math.log10(error))));
  return `clocks differ by ${offset < 0 ? '−' : '+'}${Math.abs(offset).toFixed(digits)} s ± ${seconds(error)}`;
}

function placeText({ clock, hops }: VantageEntry): string {
  const between = hops === null ? 'distance unknown' : `${count(hops, 'hop')} between`;
  return `${clock === null ? 'clocks cannot be compared' : clockText(clock)}, ${between}`;
}

/** Where the connection was seen besides, one sentence each; none with a single capture. */
export function vantageTexts({ vantages }: ResetEntry, inputs: readonly InputSummary[]): string[] {
  const [own, ...others] = vantages ?? [];
  if (own === undefined) return [];
  return others.flatMap((other) => {
    const names = [own, other].map(({ input }) => nameOf(inputs, input));
    if (other.relation === 'terminated')
      return [
        `${names[1]} holds another connection with the same payload, ${other.originator} → ${other.responder}: something between ends the one and begins the other`,
      ];
    if (other.input === own.input)
      return [`${names[0]} holds it under other addresses as well: ${other.originator} → ${other.responder}`];
    const ends = other.nearer === null ? 'seen by two captures' : 'seen from both ends';
    const renamed = other.originator !== own.originator || other.responder !== own.responder;
    return [
      `${ends}: ${listed(names)}, ${placeText(other)}`,
      ...(renamed ? [`called ${other.originator} → ${other.responder} in ${names[1]}`] : []),
      ...(other.altered.length > 0 ? [`changed on the way: ${other.altered.join('; ')}`] : []),
    ];
  });
}

/** ` (in server.pcap)`, for evidence whose packets stand in another capture than the entry's. */
export function foreignPlace({ input }: EvidenceLine, inputs: readonly InputSummary[]): string {
  return input === undefined ? '' : ` (in ${nameOf(inputs, input)})`;
}

/** The captures whose packet numbers stand beside a ladder, the entry's own first; one alone needs no word. */
export function numberedInputs({ vantages, input }: ResetEntry): number[] {
  const same = (vantages ?? []).filter(({ relation }) => relation === 'same').map((v) => v.input);
  return [...new Set([input, ...same])];
}

/** `#5`, or `#5/#6` with the numbers in each capture: `–` where it is certainly missing, `?` where that is not known. */
export function numberText(row: LadderRow, own: number, inputs: readonly number[], none: string): string {
  const cells = inputs.map((input) => {
    if (input === (row.input ?? own)) return `#${row.packet}`;
    const there = row.elsewhere?.find((other) => other.input === input);
    if (there === undefined || there.fate === 'unknown') return '?';
    return there.packet === null ? none : `#${there.packet}`;
  });
  return cells.join('/');
}

/** What became of a ladder's packet between the captures, as far as it can be drawn. */
export function drawnFate({ elsewhere = [] }: LadderRow): 'lost' | 'injected' | null {
  const fates = elsewhere.map(({ fate }) => fate);
  return fates.includes('injected') ? 'injected' : fates.includes('lost') ? 'lost' : null;
}
