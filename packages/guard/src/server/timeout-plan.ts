import { describeDuration } from '../duration.ts';
import type { FrontEnd } from '../front-ends.ts';
import { timeouts } from '../timeouts.ts';
import type { Notice } from './notice.ts';

/** The timeouts of an HTTP server, milliseconds; the names are those of `node:http`, 0 switches one off. */
export interface HttpTimeouts {
  keepAliveTimeout: number;
  headersTimeout: number;
  requestTimeout: number;
  maxRequestsPerSocket: number;
}

export interface TimeoutPlan extends HttpTimeouts {
  /** Silence after which a connection is probed, so that a flow table does not forget it; null without one. */
  tcpKeepAliveMs: number | null;
  notices: Notice[];
}

const seconds = (id: string): number => {
  const value = timeouts.find((timeout) => timeout.id === id)?.defaultSeconds;
  if (value == null) throw new Error(`bug: the table has no default for ${id}`);
  return value * 1000;
};

/** What a server has that nobody configured: these a plan may replace without asking. */
const KEEP_ALIVE_DEFAULTS = [seconds('node-server-keepalive'), seconds('fastify')];
const HEADERS_DEFAULT = seconds('node-headers');
const REQUEST_DEFAULT = seconds('node-request');

/** The longest-lived common client that opens connections by itself and does not read the server's hint. */
const DIRECT_CLIENT = seconds('curl-idle');

/**
 * Longer than the pool by a thirtieth, and by 5 s at least: a round trip, the rounding of the hint and a busy
 * event loop together. Gives the figures that the vendors give: 60 → 65, 90 → 95, 300 → 310, 600 → 620.
 */
export const outlast = (idleMs: number) => idleMs + Math.max(5000, Math.ceil(idleMs / 30_000) * 1000);

/** Shorter than the flow table by a tenth, so that it is the server that closes, audibly. */
const stayUnder = (idleMs: number) => Math.floor(idleMs * 0.9);

/** Half of the flow's limit less a tenth: one probe may get lost. */
const probeUnder = (idleMs: number) => Math.floor((idleMs / 2) * 0.9);

/**
 * The timeouts that a server behind these front ends needs, from those it has.
 * A value that differs from the defaults of Node and Fastify was somebody's decision: it is kept, and a wrong
 * order is told instead of changed. An explicit `keepAlive` is such a decision too.
 *
 * @param keepAlive milliseconds, the caller's own value; null to derive it.
 */
export function planTimeouts(
  has: HttpTimeouts,
  behind: readonly FrontEnd[],
  keepAlive: number | null,
): TimeoutPlan {
  const notices: Notice[] = [];
  const pool = longest(behind.filter(({ kind }) => kind === 'pool'));
  const flow = shortest(behind.filter(({ kind }) => kind === 'flow'));
  const wanted = pool
    ? outlast(pool.idleMs)
    : flow
      ? Math.min(stayUnder(flow.idleMs), outlast(DIRECT_CLIENT))
      : null;
  const decided =
    keepAlive ?? (KEEP_ALIVE_DEFAULTS.includes(has.keepAliveTimeout) ? null : has.keepAliveTimeout);
  const keepAliveTimeout = decided ?? wanted ?? has.keepAliveTimeout;

  if (pool && keepAliveTimeout > 0 && keepAliveTimeout <= pool.idleMs)
    notices.push({
      code: 'keep-alive-too-short',
      message: `keepAliveTimeout is ${describeDuration(keepAliveTimeout)}, but ${pool.name} reuses connections for up to ${describeDuration(pool.idleMs)}${source(pool)}: it will send requests on connections that this server is closing. Set it to ${describeDuration(outlast(pool.idleMs))} or leave it to serve().`,
    });
  if (flow && keepAliveTimeout >= flow.idleMs)
    notices.push(
      pool && decided === null
        ? {
            code: 'flow-outlived',
            message: `${pool.name} keeps connections for ${describeDuration(pool.idleMs)}, but ${flow.name} forgets silent ones after ${describeDuration(flow.idleMs)}${source(flow)}: shorten the former, or let TCP keep-alive hold them, which serve() has switched on with ${describeDuration(probeUnder(flow.idleMs))}.`,
          }
        : {
            code: 'keep-alive-too-long',
            message: `keepAliveTimeout is ${describeDuration(keepAliveTimeout)}, but ${flow.name} forgets silent connections after ${describeDuration(flow.idleMs)}${source(flow)}. Set it to ${describeDuration(stayUnder(flow.idleMs))} at most.`,
          },
    );
  if (keepAliveTimeout > 0 && keepAliveTimeout < 1000)
    notices.push({
      code: 'keep-alive-hint-zero',
      message: `keepAliveTimeout is ${describeDuration(keepAliveTimeout)}, which Node advertises as "Keep-Alive: timeout=0", and clients that read the hint then never reuse a connection. serve() leaves the hint out; a second or more would be better.`,
    });

  const header = headersAndRequest(has, pool ? keepAliveTimeout : 0);
  if (has.maxRequestsPerSocket > 0)
    notices.push({
      code: 'max-requests',
      message: `maxRequestsPerSocket is ${has.maxRequestsPerSocket}: a request pipelined behind the last one is answered 503 by Node. Leave it at 0 unless connections must be spread over servers.`,
    });
  return {
    keepAliveTimeout,
    ...header.timeouts,
    maxRequestsPerSocket: has.maxRequestsPerSocket,
    tcpKeepAliveMs: flow ? probeUnder(flow.idleMs) : null,
    notices: [...notices, ...header.notices],
  };
}

/**
 * A connection that a pool opened in advance counts, for Node, as a request whose head is late: it is answered
 * 408 and closed after headersTimeout, so this has to last as long as an idle connection does.
 */
function headersAndRequest(has: HttpTimeouts, keepAliveTimeout: number) {
  const notices: Notice[] = [];
  let { headersTimeout, requestTimeout } = has;
  if (headersTimeout === HEADERS_DEFAULT && headersTimeout < keepAliveTimeout + 1000)
    headersTimeout = keepAliveTimeout + 1000;
  if (requestTimeout === REQUEST_DEFAULT && requestTimeout < headersTimeout) requestTimeout = headersTimeout;
  if (requestTimeout > 0 && headersTimeout > requestTimeout)
    notices.push({
      code: 'headers-timeout',
      message: `headersTimeout (${describeDuration(headersTimeout)}) is longer than requestTimeout (${describeDuration(requestTimeout)}), and Node then swaps the two: raise requestTimeout.`,
    });
  else if (headersTimeout > 0 && headersTimeout < keepAliveTimeout)
    notices.push({
      code: 'headers-timeout',
      message: `headersTimeout (${describeDuration(headersTimeout)}) is shorter than keepAliveTimeout (${describeDuration(keepAliveTimeout)}): connections that the front end opened in advance are closed early, with a 408.`,
    });
  return { timeouts: { headersTimeout, requestTimeout }, notices };
}

const source = ({ timeout }: FrontEnd) => (timeout ? ` (${timeout.source})` : '');
const longest = (all: FrontEnd[]) => all.toSorted((a, b) => b.idleMs - a.idleMs)[0];
const shortest = (all: FrontEnd[]) => all.toSorted((a, b) => a.idleMs - b.idleMs)[0];
