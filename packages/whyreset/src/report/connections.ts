import { thousands } from '../evidence/packets.ts';
import { inert } from './json.ts';
import { inline } from './markdown-escape.ts';
import { type Pen, type PenOptions, penOf } from './pen.ts';
import { clip, columns, pad, padLeft } from './wrap.ts';

/** What `whyreset connections` tells of one TCP connection. */
export interface ConnectionSummary {
  /** Seconds since 1970 of its first packet. */
  ts: number;
  /** `ip:port`, `[ip]:port` for IPv6. */
  originator: string;
  responder: string;
  /** Zeek's conn_state. */
  state: string;
  /** Zeek's history, empty when there is none. */
  history: string;
  originatorPackets: number;
  responderPackets: number;
  /** Payload bytes as Zeek counts them, from sequence numbers. */
  originatorBytes: number;
  responderBytes: number;
  /** Packets with RST, of both sides. */
  resets: number;
}

/** One line of NDJSON, its line break included; the time in whole microseconds, as in Zeek's JSON logs. */
export function connectionLine(summary: ConnectionSummary): string {
  const { ts, originator, responder, state, history } = summary;
  const { originatorPackets, responderPackets, originatorBytes, responderBytes, resets } = summary;
  const line = JSON.stringify({
    ts: Math.round(ts * 1e6) / 1e6,
    originator,
    responder,
    state,
    history,
    originatorPackets,
    responderPackets,
    originatorBytes,
    responderBytes,
    resets,
  });
  return `${inert(line)}\n`;
}

/** So many connections decide how wide the columns are; all are never held at once. */
const SAMPLE = 256;

interface Columns {
  originator: number;
  responder: number;
  packets: number;
  bytes: number;
}

const STATE = 6;
/** Hours to seconds. */
const CLOCK = 8;
const RESETS = 3;
/** The least of a history that is worth a column. */
const HISTORY = 8;
const HEAD = { originator: 'originator', responder: 'responder', packets: 'packets', bytes: 'bytes' };

/** Whole kilo- and megabytes once the figure would be long: `340`, `98k`, `12M`. */
function brief(n: number): string {
  if (n < 10_000) return thousands(n);
  if (n < 9_999_500) return `${thousands(Math.round(n / 1e3))}k`;
  return `${thousands(Math.round(n / 1e6))}M`;
}

/** `12/10`: originator's, then responder's. */
const packetsOf = (c: ConnectionSummary) => `${brief(c.originatorPackets)}/${brief(c.responderPackets)}`;
const bytesOf = (c: ConnectionSummary) => `${brief(c.originatorBytes)}/${brief(c.responderBytes)}`;

function columnsOf(sample: readonly ConnectionSummary[], width: number): Columns {
  const most = (head: string, of: (c: ConnectionSummary) => string) =>
    Math.max(head.length, ...sample.map((c) => columns(of(c))));
  // Wider addresses (IPv6) get a line of their own rather than a column that is empty for all others.
  const ends = Math.max(21, Math.floor((width - 68) / 2));
  const fitting = (of: (c: ConnectionSummary) => string) => (c: ConnectionSummary) =>
    columns(of(c)) > ends ? '' : of(c);
  const out = {
    originator: most(
      HEAD.originator,
      fitting((c) => c.originator),
    ),
    responder: most(
      HEAD.responder,
      fitting((c) => c.responder),
    ),
    packets: most(HEAD.packets, packetsOf),
    bytes: most(HEAD.bytes, bytesOf),
  };
  const taken = CLOCK + STATE + RESETS + out.originator + out.responder + out.packets + out.bytes + 7;
  // Packets go first where there is no room: bytes and history tell more of a connection.
  return width - taken < HISTORY ? { ...out, packets: -1 } : out;
}

type Cells = [
  time: string,
  originator: string,
  responder: string,
  state: string,
  packets: string,
  bytes: string,
  resets: string,
  history: string,
];

function line(cells: Cells, c: Columns, { width, glyphs }: Pen): string {
  const [time, originator, responder, state, packets, bytes, resets, history] = cells;
  const lead = `${pad(time, CLOCK)} `;
  const counts = [padLeft(bytes, c.bytes), padLeft(resets, RESETS)];
  if (c.packets >= 0) counts.unshift(padLeft(packets, c.packets));
  const rest = [pad(state, STATE), ...counts, history].join(' ');
  const fits = (text: string) => clip(text, width, glyphs.more).trimEnd();
  if (columns(originator) <= c.originator && columns(responder) <= c.responder) {
    return fits(`${lead}${pad(originator, c.originator)} ${pad(responder, c.responder)} ${rest}`);
  }
  const indent = ' '.repeat(lead.length);
  const far = `${glyphs.arrow} ${responder}`;
  const whole = `${lead}${originator} ${far}`;
  const ends = columns(whole) <= width ? [whole] : [lead + originator, indent + far];
  const under = ' '.repeat(c.originator + c.responder + 2);
  return [...ends, `${indent}${under}${rest}`].map(fits).join('\n');
}

const clock = (ts: number) => new Date(ts * 1000).toISOString().slice(11, 19);

/**
 * Connections as a table with a line each, for people. The column widths are
 * those of the first 256; what is wider later breaks its own line only.
 *
 * @yields text of one or more lines with their line breaks
 */
export function* connectionTable(
  connections: Iterable<ConnectionSummary>,
  options: PenOptions,
): Generator<string, void, undefined> {
  const pen = penOf(options);
  const sample: ConnectionSummary[] = [];
  let widths: Columns | null = null;
  const row = (c: ConnectionSummary) => {
    const resets = c.resets === 0 ? '' : brief(c.resets);
    const ends = [pen.safe(c.originator), pen.safe(c.responder)] as const;
    const history = pen.safe(c.history);
    const cells: Cells = [clock(c.ts), ...ends, c.state, packetsOf(c), bytesOf(c), resets, history];
    const text = line(cells, widths!, pen);
    return `${c.resets > 0 ? text.split('\n').map(pen.paint.bad).join('\n') : text}\n`;
  };
  const begin = () => {
    widths = columnsOf(sample, pen.width);
    const names: Cells = [
      'start',
      HEAD.originator,
      HEAD.responder,
      'state',
      HEAD.packets,
      HEAD.bytes,
      'RST',
      'history',
    ];
    return `${pen.paint.dim(line(names, widths, pen))}\n${sample.map(row).join('')}`;
  };
  for (const connection of connections) {
    if (widths !== null) {
      yield row(connection);
      continue;
    }
    sample.push(connection);
    if (sample.length === SAMPLE) yield begin();
  }
  if (widths === null) yield begin();
}

/** Connections as a table in Markdown, in pieces. */
export function* connectionMarkdown(
  connections: Iterable<ConnectionSummary>,
): Generator<string, void, undefined> {
  yield '| start (UTC) | originator | responder | state | packets | bytes | RST | history |\n|---|---|---|---|---|---|---|---|\n';
  for (const c of connections) {
    const start = new Date(c.ts * 1000).toISOString().replace('T', ' ').replace('Z', '');
    const cells = [
      start,
      c.originator,
      c.responder,
      c.state,
      packetsOf(c),
      bytesOf(c),
      String(c.resets),
      c.history,
    ];
    yield `| ${cells.map((text) => inline(text).replaceAll('|', '\\|')).join(' | ')} |\n`;
  }
}
