import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';

/** An answer of the guard's own, before the application sees the request. */
export interface Reply {
  status: number;
  text: string;
  /** Seconds. */
  retryAfter?: number;
  close: boolean;
}

export const isHttp1Response = (
  response: ServerResponse | Http2ServerResponse | ServerHttp2Stream,
): response is ServerResponse => 'shouldKeepAlive' in response;

const headersOf = ({ text, retryAfter }: Reply): OutgoingHttpHeaders => ({
  'content-type': 'text/plain; charset=utf-8',
  'content-length': Buffer.byteLength(text),
  'cache-control': 'no-store',
  ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
});

/** Answers through `node:http`. */
export function replyHttp1(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...headersOf(reply), ...(reply.close && { connection: 'close' }) });
  response.end(request.method === 'HEAD' ? undefined : reply.text);
}

/** Answers an HTTP/2 stream. Connection management is GOAWAY's business, so `close` has no meaning here. */
export function replyHttp2(stream: ServerHttp2Stream, method: string | undefined, reply: Reply): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ':status': reply.status, ...headersOf(reply) });
  stream.end(method === 'HEAD' ? undefined : reply.text);
}

/** Answers on a bare connection, where `node:http` has no response object, and sends a FIN. */
export function replyRaw(socket: Duplex, status: number, text = ''): void {
  if (!socket.writable) return;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
