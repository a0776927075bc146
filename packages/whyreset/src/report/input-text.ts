import { thousands } from '../evidence/packets.ts';
import type { HostSource } from '../host/source.ts';
import type { InputSummary, Result } from '../verdict/result.ts';
import { LIMITS } from '../wire/warnings.ts';
import { hanging, rule } from './layout.ts';
import type { Pen } from './pen.ts';
import { count } from './words.ts';

/** Kinds of packets that are named where there is no TCP. */
const MOST_KINDS = 4;

/** `: 1,204 of UDP port 2152 (GTP-U), 12 of ARP`; empty when nothing is known. */
function insteadOfTcp({ other = [] }: InputSummary): string {
  if (other.length === 0) return '';
  const named = other.slice(0, MOST_KINDS).map(({ what, packets }) => `${thousands(packets)} of ${what}`);
  const rest = other.slice(MOST_KINDS).reduce((sum, { packets }) => sum + packets, 0);
  return `: ${[...named, ...(rest > 0 ? [`${thousands(rest)} of other protocols`] : [])].join(', ')}`;
}

/** `a.pcap: pcapng, 12,345 packets, 12,001 of them TCP`. */
export function inputLine(input: InputSummary): string {
  const { name, files = [], format, packets, tcpPackets } = input;
  const parts = files.length > 1 ? `one capture in ${count(files.length, 'file')}, ` : '';
  const line = `${name}: ${parts}${format}, ${count(packets, 'packet')}`;
  if (tcpPackets === packets) return line;
  if (tcpPackets > 0) return `${line}, ${thousands(tcpPackets)} of them TCP`;
  return `${line}, none of them TCP${insteadOfTcp(input)}`;
}

/** `the last record is cut off (at byte 1,234; 3 times)`. */
export function warningText({ message, offset, count: times }: InputSummary['warnings'][number]): string {
  const notes: string[] = [];
  if (offset !== undefined) notes.push(`${times > 1 ? 'first ' : ''}at byte ${thousands(offset)}`);
  if (times > 1) notes.push(`${thousands(times)} times`);
  return notes.length === 0 ? message : `${message} (${notes.join('; ')})`;
}

const RECORDS: Record<HostSource['kind'], string> = {
  trace: 'reset',
  counters: 'counter',
  log: 'connection error',
  sockets: 'socket',
  conntrack: 'entry',
};

/** `reset.trace: trace, 12 resets`. */
export function hostFileLine({ name, kind, records }: HostSource): string {
  return `${name}: ${kind}, ${count(records, RECORDS[kind])}`;
}

type Read = Pick<Result, 'inputs' | 'hostFiles'>;

/** All that was read, captures first. */
export function readLines({ inputs, hostFiles = [] }: Read): string[] {
  return [...inputs.map(inputLine), ...hostFiles.map(hostFileLine)];
}

interface Remark {
  name: string;
  text: string;
  alone: boolean;
}

/** Something of the input was lost, beyond what its form never shows. */
export function isBroken({ inputs }: Pick<Read, 'inputs'>): boolean {
  return inputs.some(({ warnings }) => warnings.some(({ code }) => !LIMITS.has(code)));
}

/** What could not be read, and what a packet list as text leaves out, with the name of the file where there are several. */
export function remarksOf({ inputs, hostFiles = [] }: Read): { unreadable: Remark[]; limits: Remark[] } {
  const files = [...inputs, ...hostFiles];
  const of = (limits: boolean) =>
    files.flatMap(({ name, warnings }) =>
      warnings
        .filter(({ code }) => LIMITS.has(code) === limits)
        .map((warning) => ({ name, text: warningText(warning), alone: files.length === 1 })),
    );
  return { unreadable: of(false), limits: of(true) };
}

/** At the end: what could not be read, then what the text does not show. */
export function warningLines(read: Read, pen: Pen): string[] {
  const { unreadable, limits } = remarksOf(read);
  const listed = (remarks: readonly Remark[]) =>
    remarks.flatMap(({ name, text, alone }) =>
      hanging(`  ${pen.glyphs.bullet} `, pen.safe(alone ? text : `${name}: ${text}`), pen.width),
    );
  return [
    ...(unreadable.length === 0
      ? []
      : [...rule('Not readable', '', pen.paint.warn, pen), '', ...listed(unreadable)]),
    ...(unreadable.length > 0 && limits.length > 0 ? [''] : []),
    ...(limits.length === 0
      ? []
      : [...rule('Not in the text', '', pen.paint.dim, pen), '', ...listed(limits)]),
  ];
}
