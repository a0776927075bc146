import { type Hop, hop, type Position, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { endpointOf, urlEndpoint } from '../syntax/address.ts';
import { secondsOf } from '../units.ts';

interface Directive {
  name: string;
  args: string[];
  at: Position;
}

export default defineReader({
  id: 'apache',
  reads: 'httpd.conf, apache2.conf, virtual hosts',
  recognises: (path, text) =>
    /(httpd|apache2?)[^/]*\.conf$/i.test(path) ||
    /^\s*(<VirtualHost|ProxyPass|KeepAliveTimeout|LoadModule)\b/im.test(text),
  read({ path, text }) {
    const directives = parse(path, text);
    const last = (name: string) => directives.findLast((directive) => directive.name === name);
    const passes = directives.filter(({ name }) => name === 'proxypass' || name === 'balancermember');
    const hops = passes.flatMap((pass) => passing(pass, last('proxytimeout') ?? last('timeout')));
    if (hops.length === 0) hops.push(hop('apache', 'Apache', directives[0]?.at ?? null));
    for (const one of hops) accept(one, directives, last);
    return hops;
  },
});

function parse(file: string, text: string): Directive[] {
  const directives: Directive[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const at = { file, line: index + 1, column: lines[index]!.search(/\S/) + 1 };
    let line = lines[index]!;
    while (/\\\r?$/.test(line) && index + 1 < lines.length)
      line = line.replace(/\\\r?$/, ' ') + lines[++index];
    const words =
      line
        .trim()
        .match(/"[^"]*"|[^\s"]+/g)
        ?.map((word) => word.replace(/^"|"$/g, '')) ?? [];
    if (words.length === 0 || words[0]!.startsWith('#')) continue;
    directives.push({ name: words[0]!.replace(/^</, '').toLowerCase(), args: words.slice(1), at });
  }
  return directives;
}

function passing({ name, args, at }: Directive, wait: Directive | undefined): Hop[] {
  const url = name === 'proxypass' ? args.find((arg) => /^[a-z0-9]+:\/\//i.test(arg)) : args[0];
  if (url === undefined || url.startsWith('balancer:')) return [];
  const one = hop('apache', 'Apache', at);
  const target = urlEndpoint(url);
  if (target !== null) one.targets.push(target.endpoint);
  one.connects.tls = written('ProxyPass', target?.tls === true, at);
  const option = (key: string) =>
    args.find((arg) => arg.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
  // mod_proxy keeps connections for as long as the server does unless ttl= says otherwise, and does not retry a POST.
  const ttl = option('ttl');
  const seconds = ttl ? secondsOf(ttl, 's') : Number.POSITIVE_INFINITY;
  const isOff = /^on$/i.test(option('disablereuse') ?? '') || args.includes('disablereuse=On');
  if (!isOff && seconds !== null)
    one.connects.idleTimeout = written(ttl ? 'ttl' : 'ProxyPass without ttl', seconds, at);
  const timeout = option('timeout') ?? wait?.args[0];
  const answer = timeout ? secondsOf(timeout, 's') : null;
  if (answer !== null)
    one.connects.responseTimeout = written(
      option('timeout') ? 'timeout' : 'ProxyTimeout',
      answer,
      option('timeout') ? at : wait!.at,
    );
  return [one];
}

function accept(
  one: Hop,
  directives: readonly Directive[],
  last: (name: string) => Directive | undefined,
): void {
  for (const { name, args } of directives) {
    if (name !== 'listen' && name !== 'virtualhost') continue;
    const endpoint = endpointOf((args[0] ?? '').replace(/>$/, ''));
    if (endpoint?.port != null) one.listens.push(endpoint);
  }
  if (one.listens.length === 0) one.listens.push({ host: null, port: 80 });
  const off = last('keepalive');
  const idle = last('keepalivetimeout');
  const seconds = idle ? secondsOf(idle.args[0] ?? '', 's') : null;
  if (off && /^off$/i.test(off.args[0] ?? ''))
    one.accepts.idleTimeout = written('KeepAlive Off', 0.001, off.at);
  else if (idle && seconds !== null) one.accepts.idleTimeout = written('KeepAliveTimeout', seconds, idle.at);
  const ssl = last('sslengine');
  if (ssl && /^on$/i.test(ssl.args[0] ?? '')) one.accepts.tls = written('SSLEngine on', true, ssl.at);
}
