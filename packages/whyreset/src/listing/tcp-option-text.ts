import type { ListedOption } from './listed-packet.ts';

const NOP = 1;
const EOL = 0;
const MSS = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
const TIMESTAMPS = 8;
const MPTCP = 30;

export function word(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

/** Subtypes of Multipath TCP (RFC 8684 §3) in order, as tcpdump names them. */
const MPTCP_SUBTYPES = [
  'capable',
  'join',
  'dss',
  'add-addr',
  'rem-addr',
  'prio',
  'fail',
  'fast-close',
  'tcprst',
];

/** One option as tcpdump names it; null when it is none that is known. */
function optionOf(text: string): ListedOption | null {
  let found = /^mss (\d+)/.exec(text);
  if (found !== null) return { kind: MSS, body: word(Number(found[1])).slice(2) };
  found = /^wscale (\d+)/.exec(text);
  if (found !== null) return { kind: WINDOW_SCALE, body: [Number(found[1]) & 0xff] };
  found = /^(?:TS val|timestamp) (\d+)(?: ecr)? (\d+)/.exec(text);
  if (found !== null)
    return { kind: TIMESTAMPS, body: [...word(Number(found[1])), ...word(Number(found[2]))] };
  if (/^sackOK/.test(text)) return { kind: SACK_PERMITTED, body: [] };
  if (/^nop/.test(text)) return { kind: NOP, body: [] };
  if (/^eol/.test(text)) return { kind: EOL, body: [] };
  if (/^sack /.test(text)) {
    const sack = [...text.matchAll(/\{(\d+):(\d+)\}/g)].map(([, left, right]): [number, number] => [
      Number(left),
      Number(right),
    ]);
    return sack.length === 0 ? null : { kind: SACK, body: [], sack };
  }
  found = /^mptcp (\d+) ([a-z-]+)/.exec(text);
  const subtype = found === null ? -1 : MPTCP_SUBTYPES.indexOf(found[2]!);
  // The reason of a tcprst is told in words; a made-up one would be read as the sender's.
  if (found !== null && subtype >= 0 && found[2] !== 'tcprst')
    return {
      kind: MPTCP,
      body: [subtype << 4, ...new Array<number>(Math.max(0, Number(found[1]) - 3)).fill(0)],
    };
  return null;
}

/** The options between tcpdump's brackets; null when one of them is not known, because then the length is not. */
export function readTcpdumpOptions(text: string): ListedOption[] | null {
  const options: ListedOption[] = [];
  for (const part of text.split(',')) {
    const name = part.trim();
    if (name === '' || name.startsWith('[')) continue;
    const option = optionOf(name);
    if (option === null) return null;
    options.push(option);
  }
  return options;
}

/** The shift of `WS=`: Wireshark writes the factor, before 1.8 the shift itself. */
function shiftOf(value: number): number {
  const shift = Math.log2(value);
  return Number.isInteger(shift) ? shift : value;
}

/** The options behind `Len=` in Wireshark's info column. */
export function readWiresharkOptions(text: string): ListedOption[] {
  const value = (name: string) => {
    const found = new RegExp(String.raw`\b${name}=(\d+)`).exec(text);
    return found === null ? null : Number(found[1]);
  };
  const options: ListedOption[] = [];
  const mss = value('MSS');
  if (mss !== null) options.push({ kind: MSS, body: word(mss).slice(2) });
  if (/\bSACK_PERM/.test(text)) options.push({ kind: SACK_PERMITTED, body: [] });
  const tsVal = value('TSval') ?? value('TSV');
  const tsEcr = value('TSecr') ?? value('TSER');
  if (tsVal !== null && tsEcr !== null)
    options.push({ kind: TIMESTAMPS, body: [...word(tsVal), ...word(tsEcr)] });
  const scale = value('WS');
  if (scale !== null) options.push({ kind: WINDOW_SCALE, body: [shiftOf(scale) & 0xff] });
  const sack = [...text.matchAll(/\bSLE=(\d+)\s+SRE=(\d+)/g)].map(([, left, right]): [number, number] => [
    Number(left),
    Number(right),
  ]);
  if (sack.length > 0) options.push({ kind: SACK, body: [], sack });
  return options;
}

/** Options as bytes of the header, filled up to a whole word. */
export function optionBytes(
  options: readonly ListedOption[],
  sackNumber: (listed: number) => number | null,
): number[] {
  const bytes: number[] = [];
  for (const { kind, body, sack } of options) {
    if (kind === NOP || kind === EOL) bytes.push(kind);
    else if (sack === undefined) bytes.push(kind, body.length + 2, ...body);
    else {
      const edges = sack.flatMap((block) => block.map(sackNumber));
      // Blocks whose place is not known are left out; no-operations keep the header's length.
      if (edges.some((edge) => edge === null))
        bytes.push(...new Array<number>(2 + 4 * edges.length).fill(NOP));
      else bytes.push(kind, 2 + 4 * edges.length, ...edges.flatMap((edge) => word(edge!)));
    }
  }
  while (bytes.length % 4 !== 0) bytes.push(NOP);
  return bytes.slice(0, 40);
}

/** Option bytes as a list; null when they make no sense. */
export function optionsOfBytes(bytes: readonly number[]): ListedOption[] | null {
  const options: ListedOption[] = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes[at]!;
    if (kind === EOL || kind === NOP) {
      options.push({ kind, body: [] });
      at++;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (length < 2 || at + length > bytes.length) return null;
    options.push({ kind, body: bytes.slice(at + 2, at + length) });
    at += length;
  }
  return options;
}
