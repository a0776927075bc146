import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import { ConnectError, type Ending, PATIENCE, ProbeConnection } from './connection.ts';
import { type Http2Manners, measureHttp2 } from './http2.ts';
import { MANNERS_CONNECTIONS, type Manners, measureManners } from './manners.ts';
import { type PathFacts, pathOf } from './path-mtu.ts';
import type { Target } from './target.ts';

/*
 * What a probe does to the other side is what one patient client does: a few connections, one request each, and then
 * waiting. The idle timeout is not searched for: connections that are left alone show it when they are ended. Only what
 * ends without a packet (a box that forgets) has to be tried, by a request after each of several waits.
 */

export interface ProbeOptions {
  /** Seconds that idleness is watched for. */
  max: number;
  /** Requests sent on one connection to find its limit. */
  requests: number;
  /** Bytes of a body that is sent once, to see what becomes of an upload; 0: none. */
  upload?: number;
  signal: AbortSignal;
  /** Called now and then with what is being done, and the seconds that the whole still takes at most. */
  progress?: (doing: string, left: number) => void;
}

/** What a server, or the path to it, was seen to do; null where it was not measured or could not be. */
export interface ProbeResult {
  schema: 'whyreset/probe@1';
  target: { host: string; port: number; scheme: Target['scheme'] };
  reachable: { handshake: number; protocol: string | null } | { error: string; text: string };
  /** Of the first answer. */
  http: {
    status: number;
    keepAlive: boolean;
    hint: number | null;
    hintMax: number | null;
    server: string | null;
  } | null;
  /**
   * When the other side ends a connection that is idle behind an answer: seconds, smallest and largest of those seen;
   * `none`: it had not within `max`.
   */
  idle: { least: number; most: number; how: Ending['how']; seen: number } | { none: number } | null;
  /** Waits after which a request met no connection any more though no end of it had come: a box forgot it. */
  forgotten: { after: number; kept: number; how: 'rst' | 'silence' } | null;
  /** When it ends a connection that has never sent a byte. */
  silentIdle: { least: number; most: number; how: Ending['how']; seen: number } | { none: number } | null;
  /** Requests after which it ended the connection; `none`: not within so many. */
  requests: { limit: number } | { none: number } | null;
  /** Of HTTP/1.1: `Connection: close`, a half-close, an upload. */
  manners: Manners | null;
  http2: Http2Manners | null;
  path: PathFacts | null;
  /** What the other side said first, unasked; at most 120 printable characters. */
  greeting: string | null;
  /** Everything was measured; false when it was interrupted. */
  complete: boolean;
}

/** Connections that are left idle at the same time. */
const WATCHED = 3;
/** Parts of `max` after which a request is tried on a connection of its own. */
const TRIED = [1 / 8, 1 / 4, 1 / 2, 3 / 4, 1] as const;

/** Connections that a probe opens at most. */
export const CONNECTIONS = 1 + WATCHED + TRIED.length + 1 + MANNERS_CONNECTIONS + 1;

const round = (value: number) => Math.round(value * 1000) / 1000;

function spread(endings: readonly (Ending | null)[], max: number): ProbeResult['idle'] {
  const seen = endings.filter((ending) => ending !== null);
  if (seen.length === 0) return { none: max };
  const times = seen.map(({ idle }) => idle);
  return {
    least: round(Math.min(...times)),
    most: round(Math.max(...times)),
    how: seen[0]!.how,
    seen: seen.length,
  };
}

/** The numbers of `Keep-Alive: timeout=5, max=100`. */
function hintOf(header: string | undefined, name: 'timeout' | 'max'): number | null {
  const match = new RegExp(`(?:^|[\\s,;])${name}\\s*=\\s*"?(\\d{1,9})`, 'i').exec(header ?? '');
  return match === null ? null : Number(match[1]);
}

export async function probe(target: Target, options: ProbeOptions): Promise<ProbeResult> {
  const { max, signal, progress = () => {} } = options;
  const result: ProbeResult = {
    schema: 'whyreset/probe@1',
    target: { host: target.host, port: target.port, scheme: target.scheme },
    reachable: { error: '', text: '' },
    http: null,
    idle: null,
    forgotten: null,
    silentIdle: null,
    requests: null,
    manners: null,
    http2: null,
    path: null,
    greeting: null,
    complete: false,
  };
  // Each connection listens for the interruption.
  setMaxListeners(0, signal);
  const open: ProbeConnection[] = [];
  const connect = async () => {
    const connection = await ProbeConnection.open(target, signal);
    open.push(connection);
    return connection;
  };
  try {
    progress('connecting', max + 2 * (PATIENCE / 1000));
    const first = await connect();
    result.reachable = { handshake: round(first.handshake), protocol: first.protocol };
    // What a server says first is to be heard when it says it.
    if (target.scheme === 'tcp') first.listen();
    const path = pathOf(first.socket);
    if (target.scheme !== 'tcp') await measureHttp(first, result, options, connect);
    else {
      const began = performance.now();
      const ending = await first.watch(max, signal);
      result.silentIdle = spread([ending], Math.min(max, round((performance.now() - began) / 1000)));
      result.greeting = first.greeting;
    }
    result.path = await path;
    result.complete = !signal.aborted;
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    if (error.code === NO_COMMON_PROTOCOL) await measureHttp2Alone(target, result, options);
    else if (!signal.aborted || open.length === 0)
      result.reachable = { error: error.code, text: error.message };
  } finally {
    for (const connection of open) connection.close();
  }
  return result;
}

/** How OpenSSL says that the server takes none of the protocols offered by ALPN (RFC 7301 §3.2). */
const NO_COMMON_PROTOCOL = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';

/** A server that refuses HTTP/1.1, as many a gRPC server does. */
async function measureHttp2Alone(
  target: Target,
  result: ProbeResult,
  { max, signal }: ProbeOptions,
): Promise<void> {
  const bare = await ProbeConnection.open({ ...target, scheme: 'tcp' }, signal);
  bare.close();
  result.reachable = { handshake: round(bare.handshake), protocol: 'h2' };
  result.http2 = await measureHttp2(target, max, signal);
  result.complete = !signal.aborted;
}

async function measureHttp(
  first: ProbeConnection,
  result: ProbeResult,
  { max, requests, upload = 0, signal, progress = () => {} }: ProbeOptions,
  connect: () => Promise<ProbeConnection>,
): Promise<void> {
  const answer = await first.request();
  if (answer.kind !== 'answer') return;
  const hint = answer.headers['keep-alive']?.toString();
  const keepAlive = !/close/i.test(answer.headers.connection ?? '') && first.ending === null;
  result.http = {
    status: answer.status,
    keepAlive,
    hint: hintOf(hint, 'timeout'),
    hintMax: hintOf(hint, 'max'),
    server: answer.headers.server?.toString() ?? null,
  };
  const { target } = first;
  const others = () =>
    Promise.all([
      measureManners(target, upload, signal),
      target.scheme === 'https' ? measureHttp2(target, max, signal) : null,
    ]);
  if (!keepAlive) {
    [result.manners, result.http2] = await others();
    return;
  }
  result.requests = await countRequests(first, requests, signal);
  if (signal.aborted) return;
  progress('watching idle connections', max + PATIENCE / 1000);
  const idle = await Promise.all(Array.from({ length: WATCHED }, connect));
  const tried = await Promise.all(TRIED.map(connect));
  const silent = await connect();
  await Promise.all([...idle, ...tried].map((connection) => connection.request()));
  // On connections of their own, while the others rest.
  const beside = others();
  const ticking = tick(max, progress);
  const began = performance.now();
  // Interrupted, it was watched for less.
  const watched = () => Math.min(max, round((performance.now() - began) / 1000));
  const endings = Promise.all(idle.map((connection) => connection.watch(max, signal)));
  const silentEnd = silent.listen().watch(max, signal);
  const attempts = Promise.all(tried.map((connection, i) => askAfter(connection, max * TRIED[i]!, signal)));
  result.idle = spread(await endings, watched());
  result.silentIdle = spread([await silentEnd], watched());
  result.forgotten = forgottenAfter(await attempts);
  [result.manners, result.http2] = await beside;
  clearInterval(ticking);
}

function tick(max: number, progress: NonNullable<ProbeOptions['progress']>): NodeJS.Timeout {
  const until = Date.now() + max * 1000;
  return setInterval(
    () => progress('watching idle connections', Math.max(0, (until - Date.now()) / 1000)),
    1000,
  );
}

/** Requests one behind the other, until the connection is ended or so many were answered. */
async function countRequests(
  connection: ProbeConnection,
  most: number,
  signal: AbortSignal,
): Promise<ProbeResult['requests']> {
  // The first answer counts.
  for (let count = 1; count < most && !signal.aborted; count++) {
    const answer = await connection.request();
    if (answer.kind === 'ended') return { limit: count };
    if (answer.kind === 'silence') return null;
    if (/close/i.test(answer.headers.connection ?? '')) return { limit: count + 1 };
  }
  return { none: most };
}

interface Attempt {
  after: number;
  /** `ended`: the end of the connection had been seen before. */
  met: 'answer' | 'ended' | 'rst' | 'silence';
}

/** Lets a connection rest, then asks on it. */
async function askAfter(
  connection: ProbeConnection,
  after: number,
  signal: AbortSignal,
): Promise<Attempt | null> {
  if ((await connection.watch(after, signal)) !== null) return { after, met: 'ended' };
  if (signal.aborted) return null;
  const answer = await connection.request();
  if (answer.kind === 'answer') return { after, met: 'answer' };
  return { after, met: answer.kind === 'silence' ? 'silence' : answer.how === 'rst' ? 'rst' : 'ended' };
}

/** The shortest wait after which a connection was gone without a word, beside the longest after which one was not. */
function forgottenAfter(attempts: readonly (Attempt | null)[]): ProbeResult['forgotten'] {
  const gone = attempts.filter(
    (one) => one !== null && (one.met === 'rst' || one.met === 'silence'),
  ) as Attempt[];
  const [first] = gone.sort((a, b) => a.after - b.after);
  if (first === undefined) return null;
  const kept = attempts.flatMap((one) =>
    one?.met === 'answer' && one.after < first.after ? [one.after] : [],
  );
  return { after: first.after, kept: Math.max(0, ...kept), how: first.met as 'rst' | 'silence' };
}
