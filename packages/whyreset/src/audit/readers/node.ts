import { type Hop, hop, type Position, type Setting, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { endpointOf, urlEndpoint } from '../syntax/address.ts';
import { evaluate, isNode, type Node, nameOf, parseScript, visitNodes } from '../syntax/javascript.ts';
import { bytesOf } from '../units.ts';

/** Packages whose servers are `node:http` underneath, by what they do differently. */
const FASTIFY = /^(fastify|@nestjs\/platform-fastify)$/;
const SERVERS =
  /^(node:)?http(s|2)?$|^(express|koa|fastify|restify|@hapi\/hapi|@nestjs\/core|hono|@hono\/node-server|polka|connect|micro|next)$/;

type Values = Map<string, { value: number | string | boolean; at: Position }>;

export default defineReader({
  id: 'node',
  reads: 'JavaScript and TypeScript sources',
  recognises: (path, text) =>
    /\.[cm]?[jt]sx?$/.test(path) &&
    /\.listen\s*\(|createServer|keepAlive|idleTimeout|undici|freeSocketTimeout|new Pool\b|createPool|listen\s*:/.test(
      text,
    ),
  read({ path, text }) {
    const tree = parseScript(path, text);
    return tree === null ? [] : new Script(path, tree).hops();
  },
});

/** One source file: the servers that it starts and the pools that it makes. */
class Script {
  readonly #path: string;
  readonly #tree: Node;
  /** Local name → package. */
  readonly #imports = new Map<string, string>();
  readonly #constants = new Map<string, number | string>();
  #server: Hop | null = null;
  /** Of several parsers of bodies, the one that takes most. */
  #largestBody: Setting | null = null;
  readonly #clients: Hop[] = [];

  constructor(path: string, tree: Node) {
    this.#path = path;
    this.#tree = tree;
    visitNodes(tree, (node) => this.#noteNames(node));
  }

  hops(): Hop[] {
    const assigned: Values = new Map();
    visitNodes(this.#tree, (node) => {
      if (node.type === 'AssignmentExpression') this.#assignment(node, assigned);
      else if (
        node.type === 'CallExpression' ||
        node.type === 'NewExpression' ||
        node.type === 'OptionalCallExpression'
      )
        this.#call(node);
    });
    const hops = [...this.#clients];
    const server = this.#server;
    if (server !== null) {
      this.#serverSettings(server, assigned);
      if (this.#largestBody !== null) server.accepts.bodyLimit ??= this.#largestBody;
      hops.push(server);
    } else if (
      assigned.has('keepAliveTimeout') &&
      [...this.#imports.values()].some((name) => SERVERS.test(name))
    ) {
      const only = hop('node', 'Node', assigned.get('keepAliveTimeout')!.at);
      only.listens.push({ host: null, port: null });
      this.#serverSettings(only, assigned);
      hops.push(only);
    }
    return hops;
  }

  #at(node: Node): Position {
    const start = node.loc?.start ?? { line: 1, column: 0 };
    return { file: this.#path, line: start.line, column: start.column + 1 };
  }

  #noteNames(node: Node): void {
    if (node.type === 'ImportDeclaration') {
      const from = (node.source as Node).value as string;
      for (const one of node.specifiers as Node[]) this.#imports.set(nameOf(one.local)!, from);
      return;
    }
    if (node.type !== 'VariableDeclarator' || !isNode(node.init)) return;
    const required = requiredPackage(node.init);
    const id = node.id as Node;
    if (required !== null) {
      if (id.type === 'Identifier') this.#imports.set(id.name as string, required);
      for (const property of (id.properties as Node[] | undefined) ?? [])
        if (nameOf(property.value)) this.#imports.set(nameOf(property.value)!, required);
      return;
    }
    const value = evaluate(node.init, this.#constants);
    if (id.type === 'Identifier' && (typeof value === 'number' || typeof value === 'string'))
      this.#constants.set(id.name as string, value);
  }

  #assignment(node: Node, assigned: Values): void {
    const left = node.left as Node;
    const name = left.type === 'MemberExpression' ? nameOf(left) : null;
    const value = evaluate(node.right, this.#constants);
    if (name !== null && value !== null) assigned.set(name, { value, at: this.#at(left) });
  }

  /** Properties of object literals among the arguments. */
  #values(args: readonly unknown[]): Values {
    const values: Values = new Map();
    for (const arg of args)
      if (isNode(arg) && arg.type === 'ObjectExpression')
        for (const property of arg.properties as Node[]) {
          const name = nameOf(property.key);
          const value = evaluate(property.value, this.#constants);
          if (name !== null && value !== null) values.set(name, { value, at: this.#at(property) });
        }
    return values;
  }

  /** The package that a name, or the first name of `a.b`, comes from. */
  #packageOf(callee: Node): string | null {
    let node = callee;
    while (isNode(node.object)) node = node.object;
    return this.#imports.get(nameOf(node) ?? '') ?? requiredPackage(node);
  }

  #call(node: Node): void {
    const callee = node.callee as Node;
    const name = nameOf(callee) ?? '';
    const args = node.arguments as unknown[];
    const from = this.#packageOf(callee);
    const values = this.#values(args);
    if (name === 'listen' && args.length > 0 && (this.#startsServers() || isCreated(callee.object)))
      this.#listen(node, args, values);
    else if (
      name === 'createServer' ||
      name === 'createSecureServer' ||
      name === 'fastify' ||
      name === 'Fastify' ||
      name === 'FastifyAdapter'
    )
      this.#create(node, from, values);
    else if (name === 'serve' && from === '@hono/node-server') this.#listen(node, args, values);
    else if (name === 'json' || name === 'urlencoded') this.#bodyLimit(values);
    else if (node.type === 'NewExpression' || name === 'createPool')
      this.#client(node, name, from, args, values);
  }

  #startsServers(): boolean {
    return this.#server !== null || [...this.#imports.values()].some((name) => SERVERS.test(name));
  }

  #serverAt(node: Node): Hop {
    const isFastify = [...this.#imports.values()].some((name) => FASTIFY.test(name));
    this.#server ??= hop(isFastify ? 'fastify' : 'node', isFastify ? 'Fastify' : 'Node', this.#at(node));
    return this.#server;
  }

  #listen(node: Node, args: readonly unknown[], values: Values): void {
    const server = this.#serverAt(node);
    const given = values.get('port')?.value ?? evaluate(args[0], this.#constants);
    const endpoint = given === null ? null : endpointOf(String(given));
    server.listens.push({ host: null, port: endpoint?.port ?? null });
    const backlog = values.get('backlog') ?? this.#third(args);
    if (backlog !== undefined && typeof backlog.value === 'number')
      server.accepts.backlog = written('backlog', backlog.value, backlog.at);
  }

  /** `listen(port, host, backlog)`. */
  #third(args: readonly unknown[]) {
    const value = evaluate(args[2], this.#constants);
    return typeof value === 'number' ? { value, at: this.#at(args[2] as Node) } : undefined;
  }

  #create(node: Node, from: string | null, values: Values): void {
    if (from !== null && /^(node:)?(net|tls)$/.test(from)) return;
    const server = this.#serverAt(node);
    if (from !== null && /http2$/.test(from))
      server.accepts.http2 = written('http2.createServer', true, this.#at(node));
    if (from !== null && /https$/.test(from))
      server.accepts.tls = written('https.createServer', true, this.#at(node));
    this.#serverSettings(server, values);
  }

  #serverSettings(server: Hop, values: Values): void {
    const seconds = (name: string) => {
      const found = values.get(name);
      return typeof found?.value === 'number'
        ? written(name, found.value / 1000 || Number.POSITIVE_INFINITY, found.at)
        : null;
    };
    const idle = seconds('keepAliveTimeout');
    const request = seconds('requestTimeout');
    if (idle !== null) server.accepts.idleTimeout = idle;
    if (request !== null) server.accepts.requestTimeout = request;
    const limit = values.get('bodyLimit');
    if (typeof limit?.value === 'number')
      server.accepts.bodyLimit = written('bodyLimit', limit.value, limit.at);
    if (server.listens.length === 0) server.listens.push({ host: null, port: null });
  }

  /** `express.json({ limit: '100kb' })`. */
  #bodyLimit(values: Values): void {
    const limit = values.get('limit');
    const bytes =
      limit === undefined
        ? null
        : typeof limit.value === 'number'
          ? limit.value
          : bytesOf(String(limit.value));
    if (bytes === null || limit === undefined) return;
    if (this.#largestBody === null || bytes > this.#largestBody.value)
      this.#largestBody = written('limit', bytes, limit.at);
  }

  #client(node: Node, name: string, from: string | null, args: readonly unknown[], values: Values): void {
    const client = this.#clientOf(node, name, from, values);
    if (client === null) return;
    const address = values.get('connectionString') ?? values.get('uri') ?? values.get('url');
    const text = address?.value ?? evaluate(args[0], this.#constants);
    const target = typeof text === 'string' ? urlEndpoint(text) : null;
    const host = values.get('host')?.value;
    const port = values.get('port')?.value ?? (name === 'createPool' ? 3306 : from === 'pg' ? 5432 : null);
    if (target !== null) client.targets.push(target.endpoint);
    else if (typeof host === 'string')
      client.targets.push({ host, port: port === null ? null : Number(port) });
    if (target !== null && client.product === 'undici')
      client.connects.tls = written('URL', target.tls, this.#at(node));
    this.#clients.push(client);
  }

  #clientOf(node: Node, name: string, from: string | null, values: Values): Hop | null {
    const at = this.#at(node);
    const idle = (product: string, label: string, setting: string) => {
      const client = hop(product, label, at);
      const found = values.get(setting);
      if (typeof found?.value === 'number')
        client.connects.idleTimeout = written(
          setting,
          found.value / 1000 || Number.POSITIVE_INFINITY,
          found.at,
        );
      const probes = values.get('keepAliveInitialDelay') ?? values.get('keepAliveInitialDelayMillis');
      if (values.get('keepAlive')?.value === true || typeof probes?.value === 'number')
        client.connects.tcpKeepAlive = written(
          'keepAlive',
          typeof probes?.value === 'number' ? probes.value / 1000 || 7200 : 7200,
          probes?.at ?? at,
        );
      return client;
    };
    if (from === 'undici' && /^(Agent|Pool|Client|BalancedPool)$/.test(name))
      return idle('undici', 'undici', 'keepAliveTimeout');
    if (from === 'agentkeepalive') return idle('agentkeepalive', 'agentkeepalive', 'freeSocketTimeout');
    if (from === 'pg' && name === 'Pool') return idle('pg-pool', 'pg.Pool', 'idleTimeoutMillis');
    if (from !== null && /^mysql2(\/promise)?$/.test(from) && name === 'createPool')
      return idle('mysql2-pool', 'mysql2 pool', 'idleTimeout');
    return null;
  }
}

/** `createServer(…).listen(…)`, `express().listen(…)`: the call in front makes the server. */
const isCreated = (node: unknown): boolean =>
  isNode(node) && node.type === 'CallExpression' && /^create(Secure)?Server$/.test(nameOf(node.callee) ?? '');

function requiredPackage(node: Node): string | null {
  const call = node.type === 'AwaitExpression' ? (node.argument as Node) : node;
  if (call.type !== 'CallExpression' || nameOf(call.callee) !== 'require') return null;
  const value = (call.arguments as Node[])[0]?.value;
  return typeof value === 'string' ? value : null;
}
