import { type Hop, hop, type Position, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { endpointOf } from '../syntax/address.ts';

const UNITS: Readonly<Record<string, number>> = {
  Millisecond: 1e-3,
  Second: 1,
  Minute: 60,
  Hour: 3600,
  Microsecond: 1e-6,
};

export default defineReader({
  id: 'go',
  reads: 'Go sources',
  recognises: (path, text) => /\.go$/.test(path) && /\bhttp\.(Server|Transport|ListenAndServe)/.test(text),
  read({ path, text }) {
    const at = (offset: number): Position => {
      const before = text.slice(0, offset).split('\n');
      return { file: path, line: before.length, column: before.at(-1)!.length + 1 };
    };
    return [...servers(text, at), ...transports(text, at)];
  },
});

/** The literal that begins at `open`, without what is nested deeper than its own fields need. */
function literal(text: string, open: number): string {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth += 1;
    else if (text[i] === '}' && --depth === 0) return text.slice(open, i);
  }
  return text.slice(open);
}

/** `IdleTimeout: 5 * time.Second`, `time.Minute`; null for an expression of names. */
function field(body: string, name: string): { seconds: number; offset: number } | null {
  const match = new RegExp(`\\b${name}:\\s*(?:(\\d+)\\s*\\*\\s*)?time\\.(\\w+)(?:\\s*\\*\\s*(\\d+))?`).exec(
    body,
  );
  const unit = match === null ? undefined : UNITS[match[2]!];
  if (match === null || unit === undefined) return null;
  return { seconds: Number(match[1] ?? match[3] ?? 1) * unit, offset: match.index };
}

function servers(text: string, at: (offset: number) => Position): Hop[] {
  const hops: Hop[] = [];
  for (const match of text.matchAll(/\bhttp\.Server\s*\{|\bhttp\.ListenAndServe(?:TLS)?\(\s*"([^"]*)"/g)) {
    const one = hop('go', 'Go', at(match.index));
    const open = match.index + match[0].length - 1;
    const body = match[1] === undefined ? literal(text, open) : '';
    const address = match[1] ?? /\bAddr:\s*"([^"]*)"/.exec(body)?.[1];
    one.listens.push({
      host: null,
      port: address === undefined ? null : (endpointOf(address)?.port ?? null),
    });
    const idle = field(body, 'IdleTimeout') ?? field(body, 'ReadTimeout');
    const name = field(body, 'IdleTimeout') ? 'IdleTimeout' : 'ReadTimeout, since there is no IdleTimeout';
    if (idle) one.accepts.idleTimeout = written(name, idle.seconds, at(open + idle.offset));
    const request = field(body, 'WriteTimeout');
    if (request)
      one.accepts.requestTimeout = written('WriteTimeout', request.seconds, at(open + request.offset));
    hops.push(one);
  }
  return hops;
}

function transports(text: string, at: (offset: number) => Position): Hop[] {
  const hops: Hop[] = [];
  for (const match of text.matchAll(/\bhttp\.Transport\s*\{/g)) {
    const open = match.index + match[0].length - 1;
    const body = literal(text, open);
    const one = hop('go-client', 'Go http.Transport', at(match.index));
    const idle = field(body, 'IdleConnTimeout');
    if (idle) one.connects.idleTimeout = written('IdleConnTimeout', idle.seconds, at(open + idle.offset));
    const target = /"https?:\/\/([^"/]+)/.exec(text);
    const endpoint = target ? endpointOf(target[1]!) : null;
    if (endpoint?.port != null) one.targets.push(endpoint);
    hops.push(one);
  }
  return hops;
}
