import { type Hop, hop, type Setting, written } from '../model.ts';
import { defineReader, type ReadIncluded, type SourceFile } from '../reader.ts';
import { endpointOf, urlEndpoint } from '../syntax/address.ts';
import { type Directive, parseBlocks } from '../syntax/blocks.ts';
import { bytesOf, secondsOf } from '../units.ts';

/** Directives that hold in the blocks below unless these say otherwise. */
type Scope = ReadonlyMap<string, Directive>;

const PASS = /^(proxy|grpc|fastcgi|uwsgi|scgi)_pass$/;
const DEPTH = 16;

export default defineReader({
  id: 'nginx',
  reads: 'nginx.conf and what it includes, nginx -T',
  recognises: (path, text) =>
    /(^|\/)nginx[^/]*\.conf(\.\w+)?$|sites-(available|enabled)\//i.test(path) ||
    /^# configuration file \S+:$/m.test(text) ||
    /^\s*(server|upstream\s+\S+|http|stream)\s*\{[\s\S]*?\b(listen|proxy_pass|server)\s[^;{}]*;/m.test(text),
  read(file, included) {
    const dump = dumpOf(file);
    const { path, text } = dump?.first ?? file;
    const directives = expand(parseBlocks(path, text), dump?.included ?? included, path, 0);
    const upstreams = new Map<string, Directive>();
    visit(directives, (directive) => {
      if (directive.name === 'upstream' && directive.args[0]) upstreams.set(directive.args[0], directive);
    });
    const hops: Hop[] = [];
    serversOf(directives, new Map(), false, (server, scope, isStream) => {
      hops.push(...hopsOf(server, scope, isStream, upstreams));
    });
    const limits = limitsOf(directives);
    for (const one of hops) Object.assign(one.process, limits, { ...one.process });
    return hops;
  },
});

/** `nginx -T` prints every file with its name before it: the first includes the others. Null: no such dump. */
function dumpOf({ path, text }: SourceFile): { first: SourceFile; included: ReadIncluded } | null {
  const parts = text.split(/^# configuration file (\S+):$/m);
  if (parts.length === 1) return null;
  const files = new Map<string, SourceFile>();
  let line = parts[0]!.split('\n').length;
  for (let at = 1; at < parts.length; at += 2) {
    // Positions are those in the dump.
    files.set(parts[at]!, { path, text: '\n'.repeat(line - 1) + parts[at + 1]! });
    line += parts[at + 1]!.split('\n').length - 1;
  }
  const [name] = files.keys();
  const folder = name!.replace(/[^/]*$/, '');
  const included: ReadIncluded = (pattern) => {
    const glob = pattern.startsWith('/') ? pattern : folder + pattern;
    const matches = new RegExp(
      `^${glob
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '[^/]*')
        .replaceAll('?', '.')}$`,
    );
    return [...files].filter(([file]) => matches.test(file)).map(([, one]) => one);
  };
  return { first: files.get(name!)!, included };
}

function expand(directives: Directive[], included: ReadIncluded, from: string, depth: number): Directive[] {
  return directives.flatMap((directive) => {
    if (directive.name !== 'include' || depth > DEPTH || directive.args[0] === undefined)
      return [{ ...directive, block: directive.block && expand(directive.block, included, from, depth) }];
    return included(directive.args[0], from).flatMap(({ path, text }) =>
      expand(parseBlocks(path, text), included, path, depth + 1),
    );
  });
}

function visit(directives: readonly Directive[], seen: (directive: Directive) => void): void {
  for (const directive of directives) {
    seen(directive);
    if (directive.block !== null) visit(directive.block, seen);
  }
}

const within = (scope: Scope, block: readonly Directive[]): Scope =>
  new Map([...scope, ...block.map((directive) => [directive.name, directive] as const)]);

function serversOf(
  directives: readonly Directive[],
  scope: Scope,
  isStream: boolean,
  found: (server: Directive, scope: Scope, isStream: boolean) => void,
): void {
  const inner = within(scope, directives);
  for (const directive of directives) {
    if (directive.block === null) continue;
    if (directive.name === 'server') found(directive, inner, isStream);
    else if (directive.name === 'http' || directive.name === 'stream')
      serversOf(directive.block, inner, directive.name === 'stream', found);
  }
}

/** A hop for each place that a server passes requests to; one without targets when it answers itself. */
function hopsOf(
  server: Directive,
  scope: Scope,
  isStream: boolean,
  upstreams: Map<string, Directive>,
): Hop[] {
  const hops: Hop[] = [];
  const walk = (block: readonly Directive[], outer: Scope) => {
    const inner = within(outer, block);
    for (const directive of block) {
      if (PASS.test(directive.name) && directive.args[0])
        hops.push(passing(directive, inner, isStream, upstreams));
      else if (directive.block !== null) walk(directive.block, inner);
    }
  };
  walk(server.block!, scope);
  if (hops.length === 0) hops.push(hop('nginx', 'nginx', server.at));
  const listens = server.block!.filter(({ name }) => name === 'listen');
  const inner = within(scope, server.block!);
  for (const one of hops) accept(one, listens, inner, isStream);
  return hops;
}

function accept(one: Hop, listens: readonly Directive[], scope: Scope, isStream: boolean): void {
  for (const { args, at } of listens) {
    const endpoint = endpointOf(args[0] ?? '', 80);
    if (endpoint !== null) one.listens.push(endpoint);
    if (args.includes('ssl') || args.includes('quic')) one.accepts.tls = written('listen … ssl', true, at);
    if (args.includes('http2')) one.accepts.http2 = written('listen … http2', true, at);
    if (args.includes('proxy_protocol'))
      one.accepts.proxyProtocol = written('listen … proxy_protocol', true, at);
    const backlog = args.find((arg) => arg.startsWith('backlog='));
    if (backlog) one.accepts.backlog = written('listen … backlog', Number(backlog.slice(8)), at);
  }
  const http2 = scope.get('http2');
  if (http2?.args[0] === 'on') one.accepts.http2 = written('http2 on', true, http2.at);
  if (one.listens.length === 0) one.listens.push({ host: null, port: 80 });
  if (isStream) one.accepts.idleTimeout = duration(scope, 'proxy_timeout', 600) ?? one.accepts.idleTimeout!;
  else {
    // An inner block of a location cannot change what happens between two requests of a connection.
    set(
      one.accepts,
      'idleTimeout',
      duration(scope, 'keepalive_timeout', null, (value) => value || 0.001),
    );
    set(one.accepts, 'bodyLimit', one.accepts.bodyLimit ?? size(scope, 'client_max_body_size'));
  }
  const harmful = [];
  const linger = scope.get('lingering_close');
  if (linger?.args[0] === 'off')
    harmful.push({
      setting: written('lingering_close off', 'off', linger.at),
      does: 'closes with the rest of an upload unread, which resets the connection and takes the answer with it',
      instead: 'lingering_close on;',
    });
  const reset = scope.get('reset_timedout_connection');
  if (reset?.args[0] === 'on')
    harmful.push({
      setting: written('reset_timedout_connection on', 'on', reset.at),
      does: 'ends connections that time out with a RST instead of a FIN',
      instead: 'reset_timedout_connection off;',
    });
  if (harmful.length > 0) one.process.harmful = harmful;
}

function passing(pass: Directive, scope: Scope, isStream: boolean, upstreams: Map<string, Directive>): Hop {
  const one = hop('nginx', 'nginx', pass.at);
  const target = pass.args[0]!;
  const url = urlEndpoint(target);
  const host = target.replace(/^[a-z]+:\/\//i, '').replace(/[/?].*$/, '');
  const upstream = upstreams.get(host);
  if (upstream) reuse(one, upstream, scope);
  else {
    const endpoint = url?.endpoint ?? endpointOf(target);
    if (endpoint && !host.includes('$')) one.targets.push(endpoint);
  }
  const tls = isStream ? scope.get('proxy_ssl')?.args[0] === 'on' : url?.tls === true;
  one.connects.tls = written(pass.name, tls, pass.at);
  const prefix = pass.name.replace('_pass', '');
  if (pass.name === 'grpc_pass') one.connects.http2 = written('grpc_pass', true, pass.at);
  if (isStream) {
    set(one.connects, 'responseTimeout', undefined);
    const sends = scope.get('proxy_protocol');
    if (sends?.args[0] === 'on') one.connects.proxyProtocol = written('proxy_protocol on', true, sends.at);
  } else set(one.connects, 'responseTimeout', duration(scope, `${prefix}_read_timeout`));
  const next = scope.get(`${prefix}_next_upstream`);
  if (next?.args.includes('non_idempotent'))
    one.connects.repeatsAny = written(`${next.name} non_idempotent`, true, next.at);
  const probes = scope.get(`${prefix}_socket_keepalive`);
  if (probes?.args[0] === 'on') one.connects.tcpKeepAlive = written(probes.name, 7200, probes.at);
  set(one.accepts, 'bodyLimit', size(scope, 'client_max_body_size'));
  return one;
}

/** Connections to an upstream are kept when its block says so. */
function reuse(one: Hop, upstream: Directive, scope: Scope): void {
  for (const { name, args } of upstream.block ?? []) {
    const endpoint = name === 'server' && args[0] ? endpointOf(args[0], 80) : null;
    if (endpoint !== null) one.targets.push(endpoint);
  }
  const inner = within(new Map(), upstream.block ?? []);
  const keepalive = inner.get('keepalive');
  if (keepalive === undefined || keepalive.args[0] === '0' || closesUpstream(scope)) return;
  const timeout = inner.get('keepalive_timeout');
  const value = timeout ? secondsOf(timeout.args[0] ?? '', 's') : 60;
  if (value !== null)
    one.connects.idleTimeout = written(
      timeout ? 'keepalive_timeout (upstream)' : 'keepalive, without a keepalive_timeout in the upstream',
      value,
      (timeout ?? keepalive).at,
    );
  const age = inner.get('keepalive_time');
  const seconds = age ? secondsOf(age.args[0] ?? '', 's') : null;
  if (age && seconds !== null) one.connects.maxAge = written('keepalive_time (upstream)', seconds, age.at);
}

/** HTTP/1.0, which was the default before 1.29.7, and a forwarded `Connection` keep no connection. */
function closesUpstream(scope: Scope): boolean {
  const version = scope.get('proxy_http_version');
  return version !== undefined && version.args[0] === '1.0';
}

function limitsOf(directives: readonly Directive[]) {
  const limits: Hop['process'] = {};
  visit(directives, ({ name, args, at }) => {
    const value = Number(args[0]);
    if (!Number.isFinite(value)) return;
    if (name === 'worker_connections') limits.maxConnections = written(name, value, at);
    if (name === 'worker_rlimit_nofile') limits.descriptors = written(name, value, at);
  });
  return limits;
}

function duration(
  scope: Scope,
  name: string,
  fallback: number | null = null,
  convert = (value: number) => value,
): Setting | undefined {
  const directive = scope.get(name);
  if (directive === undefined)
    return fallback === null
      ? undefined
      : { name, value: fallback, origin: { kind: 'default', source: 'nginx.org', appliesTo: null } };
  const value = secondsOf(directive.args[0] ?? '', 's');
  return value === null ? undefined : written(name, convert(value), directive.at);
}

function size(scope: Scope, name: string): Setting | undefined {
  const directive = scope.get(name);
  const value = directive ? bytesOf(directive.args[0] ?? '') : null;
  return directive && value !== null
    ? written(name, value || Number.POSITIVE_INFINITY, directive.at)
    : undefined;
}

function set<S extends object, K extends keyof S>(settings: S, name: K, value: S[K] | undefined): void {
  if (value !== undefined) settings[name] = value;
}
