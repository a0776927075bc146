import { type Hop, hop, type Position, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { urlEndpoint } from '../syntax/address.ts';
import { parseLines } from '../syntax/lines.ts';
import { parseTrees, type Tree } from '../syntax/yaml.ts';
import { bytesOf, secondsOf } from '../units.ts';

type Properties = Map<string, { value: string; at: Position }>;

export default defineReader({
  id: 'spring',
  reads: 'application.properties, application.yml',
  recognises: (path, text) =>
    /(^|\/)application[\w-]*\.(properties|ya?ml)$/i.test(path) && /\b(server|spring)\b/.test(text),
  read({ path, text }) {
    const properties: Properties = new Map();
    const add = (name: string, value: string, at: Position) =>
      properties.set(name.toLowerCase().replace(/[-_]/g, ''), { value, at });
    if (/\.properties$/i.test(path))
      for (const { name, value, at } of parseLines(path, text, /^[#!]/)) add(name, value, at);
    else for (const tree of parseTrees(path, text)) flatten(tree, '', add);
    return [...server(path, properties), ...pool(properties)];
  },
});

function flatten(tree: Tree, prefix: string, add: (name: string, value: string, at: Position) => void): void {
  for (const [key, value] of tree.entries) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (value.text !== null) add(name, value.text, value.at);
    else flatten(value, name, add);
  }
}

const find = (properties: Properties, name: string) =>
  properties.get(name.toLowerCase().replace(/[-_]/g, ''));

/** Durations of Spring: a bare number counts milliseconds. */
function duration(properties: Properties, name: string, bare: 'ms' | 's' = 'ms') {
  const found = find(properties, name);
  const value = found ? secondsOf(found.value, bare) : null;
  return found && value !== null ? written(name, value || Number.POSITIVE_INFINITY, found.at) : undefined;
}

function server(path: string, properties: Properties): Hop[] {
  const isJetty = [...properties.keys()].some((name) => name.startsWith('server.jetty'));
  const first = [...properties.entries()].find(([name]) => name.startsWith('server.'));
  if (first === undefined) return [];
  const one = hop(isJetty ? 'jetty' : 'tomcat', isJetty ? 'Jetty' : 'Tomcat', { ...first[1].at, file: path });
  const port = Number(find(properties, 'server.port')?.value ?? 8080);
  one.listens.push({ host: null, port: Number.isInteger(port) ? port : null });
  const idle = isJetty
    ? duration(properties, 'server.jetty.connection-idle-timeout')
    : (duration(properties, 'server.tomcat.keep-alive-timeout') ??
      duration(properties, 'server.tomcat.connection-timeout'));
  if (idle) one.accepts.idleTimeout = idle;
  const drain = duration(properties, 'spring.lifecycle.timeout-per-shutdown-phase');
  if (drain) one.process.drainTimeout = drain;
  const queue = find(properties, 'server.tomcat.accept-count');
  if (queue) one.accepts.backlog = written('server.tomcat.accept-count', Number(queue.value), queue.at);
  const body = find(properties, 'spring.servlet.multipart.max-request-size');
  const bytes = body ? bytesOf(body.value) : null;
  if (body && bytes !== null)
    one.accepts.bodyLimit = written('spring.servlet.multipart.max-request-size', bytes, body.at);
  if (find(properties, 'server.ssl.key-store') || find(properties, 'server.ssl.bundle'))
    one.accepts.tls = written('server.ssl', true, one.at!);
  return [one];
}

function pool(properties: Properties): Hop[] {
  const url = find(properties, 'spring.datasource.url');
  if (url === undefined) return [];
  const one = hop('hikari', 'HikariCP', url.at);
  const target = urlEndpoint(url.value.replace(/^jdbc:/, ''));
  if (target !== null) one.targets.push(target.endpoint);
  const age = duration(properties, 'spring.datasource.hikari.max-lifetime');
  if (age) one.connects.maxAge = age;
  const probes = duration(properties, 'spring.datasource.hikari.keepalive-time');
  // The pool keeps a connection for as long as its life lasts; what it sends meanwhile keeps the path awake.
  one.connects.idleTimeout = probes ?? {
    ...(age ?? {
      name: 'maxLifetime',
      value: 1800,
      origin: { kind: 'default', source: 'github.com/brettwooldridge/HikariCP README', appliesTo: null },
    }),
  };
  return [one];
}
