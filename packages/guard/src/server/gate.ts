import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import type { Connections } from './connections.ts';
import type { Reply } from './reply.ts';
import { isHttp1Response } from './reply.ts';

/** What the parts of a guarded server share, and what each request is held against. */
export interface Gate {
  readonly connections: Connections;
  /** False from the beginning of a drain. */
  ready: boolean;
  /** True once listening has stopped: every answer ends its connection. */
  closing: boolean;
  /** A resource is getting scarce: answers end their connections, so that sockets become free. */
  tight: boolean;
  /** Seconds to wait, while requests are turned away; null while they are not. */
  shedding: number | null;
  /** Path of the readiness check. */
  readonly readiness: string | null;
  /** Requests turned away. */
  shed: number;
}

/** The guard's own answer to a request, or null where the application is to give one. */
export function answerFor(gate: Gate, method: string, url: string): Reply | null {
  if (gate.readiness !== null && pathOf(url) === gate.readiness && (method === 'GET' || method === 'HEAD'))
    return gate.ready
      ? { status: 200, text: 'ready\n', close: gate.closing }
      : { status: 503, text: 'draining\n', close: gate.closing };
  if (gate.shedding === null) return null;
  gate.shed++;
  return { status: 503, text: 'overloaded\n', retryAfter: gate.shedding, close: true };
}

const pathOf = (url: string) => {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
};

/**
 * Makes an answer the last one on its connection. Where the head has gone out already nothing can be said any
 * more, and the connection counts as idle afterwards.
 */
export function makeLast(response: ServerResponse | Http2ServerResponse | ServerHttp2Stream): void {
  if (!isHttp1Response(response) || response.headersSent) return;
  response.shouldKeepAlive = false;
  response.setHeader('Connection', 'close');
}

/**
 * A keepAliveTimeout under a second is advertised as `Keep-Alive: timeout=0`, and a client that heeds it opens a
 * connection per request. Naming the connection header ourselves keeps Node from adding the hint.
 */
export function withoutZeroHint(
  keepAliveTimeout: number,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (keepAliveTimeout <= 0 || keepAliveTimeout >= 1000) return;
  if (response.shouldKeepAlive && request.httpVersion === '1.1')
    response.setHeader('Connection', 'keep-alive');
}
