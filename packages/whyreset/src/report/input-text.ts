import { thousands } from '../evidence/packets.ts';
import type { InputSummary } from '../verdict/result.ts';
import { hanging, rule } from './layout.ts';
import type { Pen } from './pen.ts';
import { count } from './words.ts';

/** `a.pcap: pcapng, 12,345 packets, 12,001 of them TCP`. */
export function inputLine(input: InputSummary): string {
  const tcp =
    input.tcpPackets === input.packets
      ? ''
      : `, ${input.tcpPackets === 0 ? 'none' : thousands(input.tcpPackets)} of them TCP`;
  return `${input.name}: ${input.format}, ${count(input.packets, 'packet')}${tcp}`;
}

/** `the last record is cut off (at byte 1,234; 3 times)`. */
export function warningText({ message, offset, count: times }: InputSummary['warnings'][number]): string {
  const notes: string[] = [];
  if (offset !== undefined) notes.push(`${times > 1 ? 'first ' : ''}at byte ${thousands(offset)}`);
  if (times > 1) notes.push(`${thousands(times)} times`);
  return notes.length === 0 ? message : `${message} (${notes.join('; ')})`;
}

/** Below the headline: what was read. */
export function inputLines(inputs: readonly InputSummary[], pen: Pen): string[] {
  return inputs.flatMap((input) => hanging('', pen.safe(inputLine(input)), pen.width, pen.paint.dim));
}

/** At the end: what could not be read. */
export function warningLines(inputs: readonly InputSummary[], pen: Pen): string[] {
  const lines = inputs.flatMap((input) =>
    input.warnings.flatMap((warning) => {
      const name = inputs.length > 1 ? `${input.name}: ` : '';
      return hanging(`  ${pen.glyphs.bullet} `, pen.safe(`${name}${warningText(warning)}`), pen.width);
    }),
  );
  return lines.length === 0 ? [] : [...rule('Not readable', '', pen.paint.warn, pen), '', ...lines];
}
