/** Programs by the command line that starts them. */
import { type Hop, hop, type Position, written } from './model.ts';
import type { Word } from './reader.ts';
import { endpointOf } from './syntax/address.ts';
import { commandsOf, optionsOf } from './syntax/words.ts';
import { secondsOf } from './units.ts';

type Options = ReadonlyMap<string, Word>;
type ReadCommand = (options: Options, words: readonly Word[], at: Position) => Hop;

const COMMANDS: Readonly<Record<string, ReadCommand>> = {
  gunicorn(options, _words, at) {
    const one = hop('gunicorn', 'gunicorn', at);
    const worker = get(options, 'worker-class', 'k')?.text ?? 'sync';
    const threads = Number(get(options, 'threads')?.text ?? 1);
    listen(one, get(options, 'bind', 'b'), 8000);
    // The sync worker keeps no connection (gunicorn/workers/sync.py).
    const keeps = worker !== 'sync' || threads > 1;
    number(one.accepts, 'idleTimeout', get(options, 'keep-alive'));
    if (!keeps) one.accepts.idleTimeout = written('the sync worker keeps no connection', 0.001, at);
    number(one.accepts, 'requestTimeout', get(options, 'timeout', 't'));
    number(one.accepts, 'backlog', get(options, 'backlog'));
    number(one.process, 'drainTimeout', get(options, 'graceful-timeout'));
    number(one.process, 'workerRequests', get(options, 'max-requests'));
    number(one.process, 'workerRequestsJitter', get(options, 'max-requests-jitter'));
    return one;
  },
  uvicorn(options, _words, at) {
    const one = hop('uvicorn', 'uvicorn', at);
    listen(one, get(options, 'port'), 8000);
    number(one.accepts, 'idleTimeout', get(options, 'timeout-keep-alive'));
    number(one.accepts, 'backlog', get(options, 'backlog'));
    number(one.process, 'drainTimeout', get(options, 'timeout-graceful-shutdown'));
    number(one.process, 'workerRequests', get(options, 'limit-max-requests'));
    if (get(options, 'ssl-keyfile')) one.accepts.tls = written('--ssl-keyfile', true, at);
    return one;
  },
  puma(options, _words, at) {
    const one = hop('puma', 'Puma', at);
    listen(one, get(options, 'bind', 'b', 'port', 'p'), 9292);
    return one;
  },
  next(options, _words, at) {
    const one = hop('nextjs', 'Next.js', at);
    listen(one, get(options, 'port', 'p'), 3000);
    const idle = get(options, 'keepAliveTimeout');
    if (idle) one.accepts.idleTimeout = written('--keepAliveTimeout', Number(idle.text) / 1000, idle.at);
    return one;
  },
  'redis-server'(options, _words, at) {
    const one = hop('redis', 'Redis', at);
    listen(one, get(options, 'port'), 6379);
    zeroIsNever(one, get(options, 'timeout'));
    return one;
  },
  mysqld(options, _words, at) {
    const one = hop('mysql', 'MySQL', at);
    listen(one, get(options, 'port'), 3306);
    number(one.accepts, 'idleTimeout', get(options, 'wait-timeout', 'wait_timeout'));
    return one;
  },
};

const get = (options: Options, ...names: string[]): Word | undefined =>
  names.map((name) => options.get(name)).find((word) => word !== undefined);

function listen(one: Hop, bind: Word | undefined, otherwise: number): void {
  const endpoint = bind ? endpointOf(bind.text) : null;
  // A port that the environment decides is not known.
  const port = bind ? (endpoint?.port ?? null) : otherwise;
  one.listens.push({ host: null, port });
}

function number<S extends object>(settings: S, name: keyof S & string, word: Word | undefined): void {
  const value = word ? secondsOf(word.text, 's') : null;
  if (word && value !== null)
    (settings as Record<string, unknown>)[name] = written(OPTION[name] ?? name, value, word.at);
}

const OPTION: Readonly<Record<string, string>> = {
  idleTimeout: 'keep-alive',
  requestTimeout: '--timeout',
  drainTimeout: 'graceful timeout',
  workerRequests: '--max-requests',
  workerRequestsJitter: '--max-requests-jitter',
  backlog: '--backlog',
};

function zeroIsNever(one: Hop, word: Word | undefined): void {
  if (word)
    one.accepts.idleTimeout = written('timeout', Number(word.text) || Number.POSITIVE_INFINITY, word.at);
}

/** A program's name, without its path and without what only starts it (`poetry run`, `npx`, `exec`, `bundle exec`). */
const WRAPPERS =
  /^(exec|sudo|npx|bunx|pnpm|yarn|env|nohup|dumb-init|tini|poetry|pipenv|uv|run|bundle|python3?|-m|--|[A-Z_]+=.*)$/;

/** The hops that the commands of a text start. */
export function hopsOfCommand(text: string, at: Position): Hop[] {
  return commandsOf(text, at).flatMap((words) => hopsOfWords(words));
}

export function hopsOfWords(words: readonly Word[]): Hop[] {
  const start = words.findIndex(({ text }) => !WRAPPERS.test(text));
  const name = words[start]?.text.replace(/^.*\//, '');
  // A shell runs what it is given as one word.
  if (name !== undefined && /^(ba|da|)sh$/.test(name)) {
    const script = words.slice(start).find(({ text }, index) => index > 0 && !text.startsWith('-'));
    return script ? hopsOfCommand(script.text, script.at) : [];
  }
  const read = name === undefined ? undefined : COMMANDS[name];
  return read && Object.hasOwn(COMMANDS, name!)
    ? [read(optionsOf(words.slice(start + 1)), words, words[start]!.at)]
    : [];
}
