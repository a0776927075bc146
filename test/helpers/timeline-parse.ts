/** How a side's stack is set up; header lines change it for what follows. */
export interface ScriptSide {
  ip: string;
  port: number;
  ttl: number;
  id: 'counter' | 'zero' | 'random';
}

export interface ScriptFields {
  seq?: number;
  ack?: number;
  rawseq?: number;
  rawack?: number;
  win?: number;
  ttl?: number;
  id?: number;
  nodf?: true;
  nots?: true;
  mssonly?: true;
  mac?: string;
  ts?: number;
  echo?: number;
  /** Relative to the other side, whose bytes they are. */
  sack?: [left: number, right: number];
  mptcprst?: number;
}

export interface ScriptLine {
  /** Seconds since the first packet. */
  time: number;
  direction: '>' | '<';
  /** tcpdump's letters. */
  flags: string;
  kind: 'ordinary' | 'passive' | 'refusal';
  payload: Uint8Array;
  fields: ScriptFields;
  /** An error about this line. */
  error(reason: string): Error;
}

/** An ICMP error on its way to the sender of the packet that it quotes. */
export interface ScriptIcmp {
  time: number;
  direction: '>' | '<';
  kind: 'icmp';
  type: number;
  code: number;
  /** Address of the box that complains; null: the other end itself. */
  from: string | null;
  mtu: number;
  /** Relative sequence number of the packet it quotes; null: the latest. */
  quote: number | null;
  error(reason: string): Error;
}

/** One connection of a timeline. */
export interface Script {
  client: ScriptSide;
  server: ScriptSide;
  lines: (ScriptLine | ScriptIcmp)[];
}

const NUMERIC = new Set(['seq', 'ack', 'rawseq', 'rawack', 'win', 'ttl', 'id', 'ts', 'echo', 'mptcprst']);
const FIRST_PORT = 40_000;
const FILLER = 'a'.charCodeAt(0);

type Fail = (reason: string) => Error;

/** Words and quoted strings of a line; a comment ends it. */
function words(line: string, fail: Fail): string[] {
  const found: string[] = [];
  const pattern = /\s*(?:(#.*)|("(?:[^"\\]|\\.)*")|([^\s"#]+))/y;
  while (pattern.lastIndex < line.trimEnd().length) {
    const match = pattern.exec(line);
    if (match === null) throw fail('a quote is not closed');
    if (match[1] !== undefined) break;
    found.push(match[2] ?? match[3]!);
  }
  return found;
}

const ESCAPES: Record<string, number> = { r: 13, n: 10, t: 9, '0': 0, '"': 34, '\\': 92 };

function quoted(word: string, fail: Fail): Uint8Array {
  const bytes: number[] = [];
  const text = word.slice(1, -1);
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\') {
      bytes.push(...new TextEncoder().encode(text[i]));
      continue;
    }
    const letter = text[++i]!;
    const hex = /^[0-9a-f]{2}/i.exec(text.slice(i + 1));
    if (letter === 'x') {
      if (hex === null) throw fail('\\x needs two hexadecimal digits');
      bytes.push(Number.parseInt(hex[0], 16));
      i += 2;
    } else if (ESCAPES[letter] === undefined) throw fail(`unknown escape \\${letter}`);
    else bytes.push(ESCAPES[letter]);
  }
  return Uint8Array.from(bytes);
}

function number(name: string, word: string | undefined, fail: Fail): number {
  if (word === undefined || !/^(\d+|0x[0-9a-f]+)$/i.test(word)) throw fail(`${name} needs a number`);
  return Number(word);
}

function header(rest: string[], side: ScriptSide, fail: Fail): ScriptSide {
  const changed = { ...side };
  for (let i = 0; i < rest.length; i += 2) {
    const [key, value] = [rest[i]!, rest[i + 1]];
    if (value === undefined) throw fail(`${key} needs a value`);
    if (key === 'ip') changed.ip = value;
    else if (key === 'port' || key === 'ttl') changed[key] = number(key, value, fail);
    else if (key === 'id' && (value === 'counter' || value === 'zero' || value === 'random'))
      changed.id = value;
    else throw fail(`unknown setting "${key} ${value}"`);
  }
  return changed;
}

function icmp(time: number, direction: '>' | '<', rest: string[], fail: Fail): ScriptIcmp {
  const [kind, ...settings] = rest;
  const match = /^(\d{1,3})\/(\d{1,3})$/.exec(kind ?? '');
  if (match === null) throw fail('icmp needs TYPE/CODE, for example 3/13');
  const line: ScriptIcmp = {
    time,
    direction,
    kind: 'icmp',
    type: Number(match[1]),
    code: Number(match[2]),
    from: null,
    mtu: 0,
    quote: null,
    error: fail,
  };
  for (let i = 0; i < settings.length; i += 2) {
    const [key, value] = [settings[i]!, settings[i + 1]];
    if (key === 'from') {
      if (value === undefined) throw fail('from needs an address');
      line.from = value;
    } else if (key === 'mtu' || key === 'quote') line[key] = number(key, value, fail);
    else throw fail(`unknown field "${key}"`);
  }
  return line;
}

function sackBlock(word: string | undefined, fail: Fail): [number, number] {
  const match = /^(\d+)-(\d+)$/.exec(word ?? '');
  if (match === null) throw fail('sack needs LEFT-RIGHT');
  return [Number(match[1]), Number(match[2])];
}

/** `20ms` or `0.02` in seconds. */
function delay(word: string | undefined, fail: Fail): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(word ?? '');
  if (match === null) throw fail('handshake needs a round trip, for example 20ms');
  return Number(match[1]) / (match[2] === 'ms' ? 1000 : 1);
}

/** What a word stands for: `handshake 20ms` for three packets, `request` and `response` for data of either side. */
function linesOf(all: string[], fail: Fail): (ScriptLine | ScriptIcmp)[] {
  const [first, second, ...rest] = all;
  if (first === 'handshake') return linesOf(['+0', ...all], fail);
  if (second === 'handshake') {
    const opened = line([first!, '>', 'S'], fail);
    const answered = String(Number((opened.time + delay(rest[0], fail)).toFixed(6)));
    return [opened, line([answered, '<', 'S.'], fail), line([answered, '>', '.', ...rest.slice(1)], fail)];
  }
  if (second === 'request') return [line([first!, '>', 'P.', ...rest], fail)];
  if (second === 'response') return [line([first!, '<', 'P.', ...rest], fail)];
  return [line(all, fail)];
}

function line(all: string[], fail: Fail): ScriptLine | ScriptIcmp {
  const [time, direction, flags, ...rest] = all;
  if (time === undefined || !/^\+?\d+(\.\d+)?$/.test(time)) throw fail(`"${time}" is no time in seconds`);
  if (direction !== '>' && direction !== '<') throw fail(`"${direction}" is no direction, expected > or <`);
  if (flags === 'icmp') return icmp(Number(time), direction, rest, fail);
  if (flags === undefined || !/^[SFPR.]+$/.test(flags))
    throw fail(`"${flags}" are no flags, expected letters of SFPR.`);
  const fields: ScriptFields = {};
  let kind: ScriptLine['kind'] = 'ordinary';
  let payload = new Uint8Array(0);
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!;
    if (word.startsWith('"')) payload = new Uint8Array(quoted(word, fail));
    else if (word === 'len') payload = new Uint8Array(number(word, rest[++i], fail)).fill(FILLER);
    else if (word === 'passive' || word === 'refusal') kind = word;
    else if (word === 'nodf' || word === 'nots' || word === 'mssonly') fields[word] = true;
    else if (word === 'mac') fields.mac = rest[++i] ?? '';
    else if (word === 'sack') fields.sack = sackBlock(rest[++i], fail);
    else if (NUMERIC.has(word)) fields[word as 'seq'] = number(word, rest[++i], fail);
    else throw fail(`unknown field "${word}"`);
  }
  if (fields.mac !== undefined && !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(fields.mac))
    throw fail(`"${fields.mac}" is no MAC address`);
  if (kind !== 'ordinary' && flags !== (kind === 'passive' ? 'R' : 'R.'))
    throw fail(`"${kind}" goes with flags ${kind === 'passive' ? 'R' : 'R.'}`);
  return { time: Number(time), direction, flags, kind, payload, fields, error: fail };
}

/**
 * Reads the notation of docs/timeline.md.
 * @throws Error that names the line and what is wrong with it.
 */
export function parseTimeline(text: string): Script[] {
  let client: ScriptSide = { ip: '10.0.0.1', port: FIRST_PORT, ttl: 64, id: 'counter' };
  let server: ScriptSide = { ip: '10.0.0.2', port: 80, ttl: 64, id: 'counter' };
  let lines: Script['lines'] = [];
  const scripts: Script[] = [];
  const finish = (fail: Fail) => {
    if (lines.length === 0) throw fail('a connection without packets');
    scripts.push({ client, server, lines });
    lines = [];
  };
  const rows = text.split('\n');
  for (const [index, row] of rows.entries()) {
    const fail: Fail = (reason) => new Error(`timeline line ${index + 1}: ${reason}: ${row.trim()}`);
    const [first, ...rest] = words(row, fail);
    if (first === undefined) continue;
    if (first === '---') {
      finish(fail);
      client = { ...client, port: client.port + 1 };
    } else if (first === 'client' || first === 'server') {
      if (lines.length > 0) throw fail('settings come before the packets');
      if (first === 'client') client = header(rest, client, fail);
      else server = header(rest, server, fail);
    } else {
      for (const next of linesOf([first, ...rest], fail)) {
        const before = lines.at(-1);
        if (before !== undefined && next.time < before.time) throw fail('time runs backwards');
        lines.push(next);
      }
    }
  }
  finish((reason) => new Error(`timeline line ${rows.length}: ${reason}`));
  return scripts;
}
