import { type Hop, hop, written } from '../model.ts';
import { defineReader } from '../reader.ts';
import { type Entry, parseLines } from '../syntax/lines.ts';
import { secondsOf } from '../units.ts';

interface Kind {
  product: string;
  name: string;
  port: number;
  path: RegExp;
  /** Name of the setting that ends idle connections, and the unit of a bare number. */
  idle: string;
  bare: 'ms' | 's';
  portName: string;
}

const KINDS: readonly Kind[] = [
  {
    product: 'postgresql',
    name: 'PostgreSQL',
    port: 5432,
    path: /postgresql[^/]*\.conf$/i,
    idle: 'idle_session_timeout',
    bare: 'ms',
    portName: 'port',
  },
  {
    product: 'mysql',
    name: 'MySQL',
    port: 3306,
    path: /(^|\/)(my|mysqld?|mariadb)[^/]*\.cnf$/i,
    idle: 'wait_timeout',
    bare: 's',
    portName: 'port',
  },
  {
    product: 'redis',
    name: 'Redis',
    port: 6379,
    path: /redis[^/]*\.conf$/i,
    idle: 'timeout',
    bare: 's',
    portName: 'port',
  },
  {
    product: 'pgbouncer',
    name: 'PgBouncer',
    port: 6432,
    path: /pgbouncer[^/]*\.ini$/i,
    idle: 'client_idle_timeout',
    bare: 's',
    portName: 'listen_port',
  },
];

const kindOf = (path: string) => KINDS.find((kind) => kind.path.test(path));

export default defineReader({
  id: 'databases',
  reads: 'postgresql.conf, my.cnf, redis.conf, pgbouncer.ini',
  recognises: (path) => kindOf(path) !== undefined,
  read({ path, text }) {
    const kind = kindOf(path)!;
    const entries = parseLines(path, text).filter(
      ({ section }) => !/^(client|mysqldump|mysql)$/.test(section),
    );
    const last = (name: string) => entries.findLast((entry) => entry.name.replaceAll('-', '_') === name);
    const one = hop(kind.product, kind.name, entries[0]?.at ?? null);
    one.listens.push({ host: null, port: Number(last(kind.portName)?.value) || kind.port });
    const idle = last(kind.idle);
    const seconds = idle ? secondsOf(idle.value, kind.bare) : null;
    // 0 switches it off in all of them.
    if (idle && seconds !== null)
      one.accepts.idleTimeout = written(idle.name, seconds || Number.POSITIVE_INFINITY, idle.at);
    const backlog = last('tcp_backlog');
    if (backlog) one.accepts.backlog = written(backlog.name, Number(backlog.value), backlog.at);
    if (kind.product === 'pgbouncer') readPgBouncer(one, entries);
    return [one];
  },
});

function readPgBouncer(one: Hop, entries: readonly Entry[]): void {
  for (const { name, value, at, section } of entries) {
    const port = section === 'databases' ? /\bport=(\d+)/.exec(value) : null;
    const host = /\bhost=(\S+)/.exec(value);
    if (section === 'databases')
      one.targets.push({ host: host?.[1] ?? null, port: port ? Number(port[1]) : 5432 });
    const seconds = secondsOf(value, 's');
    if (seconds === null) continue;
    if (name === 'server_idle_timeout')
      one.connects.idleTimeout = written(name, seconds || Number.POSITIVE_INFINITY, at);
    if (name === 'server_lifetime') one.connects.maxAge = written(name, seconds, at);
  }
}
