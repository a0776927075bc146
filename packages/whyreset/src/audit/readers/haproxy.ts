import { type Hop, hop, type Position, type Setting, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { endpointOf } from '../syntax/address.ts';
import { secondsOf } from '../units.ts';

interface Line {
  words: string[];
  at: Position;
}

interface Section {
  kind: string;
  name: string;
  lines: Line[];
  /** What the section takes over from its defaults. */
  defaults: Line[];
}

const SECTION =
  /^(global|defaults|frontend|backend|listen|resolvers|peers|userlist|program|cache|ring|mailers|http-errors|log-forward|crt-store|traces)\b/;

/** After so many purges, each of half of the idle connections, one in a thousand is left. */
const PURGES = 10;

export default defineReader({
  id: 'haproxy',
  reads: 'haproxy.cfg',
  recognises: (path, text) =>
    /haproxy[^/]*\.cfg$/i.test(path) ||
    (/^\s*(frontend|listen|backend)\s+\S+/m.test(text) &&
      /^\s+(bind|server)\s/m.test(text) &&
      /^\s+(mode|timeout|default_backend|balance|bind)\s/m.test(text)),
  read({ path, text }) {
    const sections = parse(path, text);
    const hops: Hop[] = [];
    for (const front of sections) {
      if (front.kind !== 'frontend' && front.kind !== 'listen') continue;
      const backends = front.kind === 'listen' ? [front] : backendsOf(front, sections);
      for (const backend of backends) hops.push(read(front, backend));
      if (backends.length === 0) hops.push(read(front, null));
    }
    const global = sections.find(({ kind }) => kind === 'global');
    const most = global ? find(global, 'maxconn') : undefined;
    const files = global ? find(global, 'ulimit-n') : undefined;
    for (const one of hops) {
      if (most) one.process.maxConnections = written('maxconn', Number(most.words[1]), most.at);
      if (files) one.process.descriptors = written('ulimit-n', Number(files.words[1]), files.at);
      one.process.descriptorsEach = 2;
    }
    return hops;
  },
});

function parse(file: string, text: string): Section[] {
  const sections: Section[] = [];
  const named = new Map<string, Line[]>();
  let latest: Line[] = [];
  text.split('\n').forEach((raw, index) => {
    const words = wordsOf(raw);
    if (words.length === 0) return;
    const at = { file, line: index + 1, column: raw.search(/\S/) + 1 };
    if (!SECTION.test(words[0]!) || /^\s/.test(raw)) {
      sections.at(-1)?.lines.push({ words, at });
      return;
    }
    const from = words.indexOf('from');
    const defaults = from > 0 ? (named.get(words[from + 1] ?? '') ?? latest) : latest;
    const section: Section = { kind: words[0]!, name: words[1] ?? '', lines: [], defaults };
    if (section.kind === 'defaults') {
      section.defaults = from > 0 ? defaults : [];
      latest = section.lines;
      named.set(section.name, section.lines);
    }
    sections.push(section);
  });
  return sections;
}

/** Quotes and comments as in the manual, section 2.2. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s#"'\\])+|#.*/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith('#'));
  return (comment < 0 ? words : words.slice(0, comment)).map((word) => word.replace(/["']/g, ''));
}

function backendsOf(front: Section, sections: readonly Section[]): Section[] {
  const names = new Set(
    [...front.defaults, ...front.lines]
      .filter(({ words }) => words[0] === 'default_backend' || words[0] === 'use_backend')
      .map(({ words }) => words[1]),
  );
  return sections.filter(({ kind, name }) => (kind === 'backend' || kind === 'listen') && names.has(name));
}

/** The last that says so: a section beats its defaults. `no option …` takes back. */
function find({ lines, defaults }: Section, ...start: string[]): Line | undefined {
  const says = ({ words }: Line, offset: number) => start.every((word, at) => words[at + offset] === word);
  const found = [...defaults, ...lines].filter(
    (line) => says(line, 0) || (line.words[0] === 'no' && says(line, 1)),
  );
  const last = found.at(-1);
  return last?.words[0] === 'no' ? undefined : last;
}

function timeout(section: Section, name: string): Setting | undefined {
  const line = find(section, 'timeout', name);
  const value = line ? secondsOf(line.words[2] ?? '', 'ms') : null;
  return line && value !== null ? written(`timeout ${name}`, value, line.at) : undefined;
}

function read(front: Section, backend: Section | null): Hop {
  const first = front.lines[0]?.at ?? null;
  const one = hop('haproxy', `HAProxy (${front.name})`, first);
  const isHttp = find(front, 'mode')?.words[1] !== 'tcp';
  for (const { words, at } of front.lines) {
    if (words[0] !== 'bind') continue;
    for (const address of (words[1] ?? '').split(',')) {
      const endpoint = endpointOf(address);
      if (endpoint !== null) one.listens.push(endpoint);
    }
    if (words.includes('ssl')) one.accepts.tls = written('bind … ssl', true, at);
    if (speaksHttp2(words)) one.accepts.http2 = written('bind … h2', true, at);
    if (words.includes('accept-proxy')) one.accepts.proxyProtocol = written('bind … accept-proxy', true, at);
    const backlog = words.indexOf('backlog');
    if (backlog > 0) one.accepts.backlog = written('bind … backlog', Number(words[backlog + 1]), at);
  }
  // configuration manual: http-keep-alive, else http-request, else client.
  const idle = isHttp
    ? (timeout(front, 'http-keep-alive') ?? timeout(front, 'http-request') ?? timeout(front, 'client'))
    : timeout(front, 'client');
  if (idle) one.accepts.idleTimeout = idle;
  if (backend === null) return one;

  for (const { words, at } of backend.lines) {
    if (words[0] !== 'server' && words[0] !== 'server-template') continue;
    const address = words[words[0] === 'server' ? 2 : 3] ?? '';
    const endpoint = endpointOf(address);
    if (endpoint !== null) one.targets.push(endpoint);
    if (words.includes('ssl')) one.connects.tls = written('server … ssl', true, at);
    if (words[words.indexOf('proto') + 1] === 'h2' && words.includes('proto'))
      one.connects.http2 = written('server … proto h2', true, at);
    const sends = words.find((word) => /^send-proxy/.test(word));
    if (sends) one.connects.proxyProtocol = written(`server … ${sends}`, true, at);
  }
  const wait = timeout(backend, 'server');
  if (wait) one.connects.responseTimeout = wait;
  // A first request goes on an idle connection only with these; others are sent again by themselves (manual, http-reuse).
  const reuse = find(backend, 'http-reuse');
  const purge = find(backend, 'pool-purge-delay');
  if (isHttp && reuse && /^(aggressive|always)$/.test(reuse.words[1] ?? ''))
    one.connects.idleTimeout = written(
      `http-reuse ${reuse.words[1]}; half of the idle ones are closed every ${purge?.words[1] ?? '5s'}`,
      PURGES * (secondsOf(purge?.words[1] ?? '5s', 'ms') ?? 5),
      reuse.at,
    );
  const retry = find(backend, 'retry-on');
  const risky = retry?.words.find((word) =>
    /^(all-retryable-errors|empty-response|response-timeout|junk-response|50\d)$/.test(word),
  );
  if (retry && risky && !guardsMethod(backend))
    one.connects.repeatsAny = written(`retry-on ${risky}`, true, retry.at);
  const probes = find(backend, 'option', 'srvtcpka') ?? find(backend, 'option', 'tcpka');
  if (probes) one.connects.tcpKeepAlive = written(probes.words.slice(0, 2).join(' '), 7200, probes.at);
  const nolinger = find(front, 'option', 'nolinger') ?? find(backend, 'option', 'nolinger');
  if (nolinger)
    one.process.harmful = [
      {
        setting: written('option nolinger', 'on', nolinger.at),
        does: 'closes by a RST that discards what the peer has not read yet',
        instead: 'no option nolinger',
      },
    ];
  return one;
}

/** `http-request disable-l7-retry if METH_POST` takes the methods out that must not be repeated. */
const guardsMethod = ({ lines, defaults }: Section) =>
  [...defaults, ...lines].some(({ words }) => words[0] === 'http-request' && words[1] === 'disable-l7-retry');

/** `proto h2`, or h2 among the protocols of `alpn`. */
const speaksHttp2 = (words: readonly string[]) =>
  ['proto', 'alpn'].some((name) => {
    const at = words.indexOf(name);
    return at > 0 && (words[at + 1] ?? '').split(',').includes('h2');
  });
