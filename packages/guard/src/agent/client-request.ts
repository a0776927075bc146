import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A write as `node:http` hands it to its socket. */
export interface Chunk {
  data: string | Uint8Array;
  encoding: BufferEncoding | null;
  callback: ((error?: Error | null) => void) | null;
}

/**
 * What is read and set of a ClientRequest beyond its documentation, the same from Node 20 to 26 (lib/_http_client.js,
 * lib/_http_outgoing.js). `onSocket` is what every agent calls to hand over a socket.
 */
export interface NodeRequest extends Omit<ClientRequest, 'socket'> {
  onSocket(socket: Duplex | null | undefined, error?: Error | null): void;
  /** Null while the request waits for a socket. */
  socket: Socket | null;
  /** Null until the head of the response is read. */
  res: IncomingMessage | null;
  timeout: number | undefined;
  timeoutCb: (() => void) | null;
  parser: Parser | null;
  outputData: Chunk[];
  outputSize: number;
}

interface Parser {
  socket: unknown;
  outgoing: unknown;
  incoming: unknown;
  onIncoming: unknown;
  close?(): void;
}

/** The listeners that `node:http` puts on the socket of a request. */
const LISTENERS: Record<string, string> = {
  error: 'socketErrorListener',
  data: 'socketOnData',
  end: 'socketOnEnd',
  close: 'socketCloseListener',
  drain: 'ondrain',
  timeout: 'emitRequestTimeout',
};

type Names = 'error' | 'data' | 'end' | 'close' | 'drain' | 'timeout';

const listenerOf = (socket: Socket, event: string) =>
  socket.listeners(event as Names).find(({ name }) => name === LISTENERS[event]);

/**
 * Whether the request can be taken back from its socket: everything that {@link takeBack} touches is there. A Node that
 * has changed it fails the request with an explanation, as an agent without a guard would.
 */
export function canTakeBack(request: NodeRequest, socket: Socket): boolean {
  return (
    Array.isArray(request.outputData) &&
    typeof request.outputSize === 'number' &&
    request.parser?.socket === socket &&
    request.socket === socket &&
    ['error', 'data', 'end', 'close', 'drain'].every((event) => listenerOf(socket, event) !== undefined)
  );
}

/**
 * Takes a request off a socket that has failed, before any of its answer was parsed. The request is then what it was
 * before it had a socket: it waits for one, with what it had written as its pending output.
 */
export function takeBack(request: NodeRequest, socket: Socket, written: readonly Chunk[]): void {
  for (const event in LISTENERS) {
    const listener = listenerOf(socket, event);
    if (listener) socket.removeListener(event, listener as () => void);
  }
  const held = socket as unknown as { _httpMessage: unknown; parser: unknown };
  held._httpMessage = null;
  held.parser = null;
  // A timeout that was set on the request after it had a socket is only on the socket.
  if (request.timeoutCb) request.timeout ??= socket.timeout;
  request.timeoutCb = null;
  const { parser } = request;
  request.parser = null;
  if (parser) {
    parser.socket = parser.outgoing = parser.incoming = parser.onIncoming = null;
    // As Node's freeParser does it: the parser may be on the stack.
    setImmediate(() => parser.close?.());
  }
  request.socket = null;
  request.reusedSocket = false;
  request.outputData = [...written, ...request.outputData];
  for (const { data } of written) request.outputSize += data.length;
}
