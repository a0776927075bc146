import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** Who keeps the books of the sockets that it sends on. */
export interface SocketOwner {
  /** Somebody else sends on the socket too. */
  shared(socket: Socket): void;
}

/** An attempt that undici is about to write. */
export interface Sending {
  readonly owner: SocketOwner;
  /** @param request as undici has it; its origin is the dispatcher's own. */
  sending(socket: Socket, head: string, request: { origin?: unknown }): void;
}

interface SendHeaders {
  request: { origin?: unknown };
  socket: Socket;
  headers: string;
}

/** Requests without a guard. */
const NOBODY: SocketOwner = { shared() {} };

let starting: Sending | null = null;
let subscribed = false;
const owners = new WeakMap<Socket, SocketOwner>();

/**
 * undici tells a request that it starts, and in the same breath, before the first byte, publishes the socket on
 * `undici:client:sendHeaders`. HTTP/2 in undici 6 does not publish: such an attempt never learns its socket; neither
 * does one that a mock answers, which is forgotten before anything else can be sent.
 */
export function expectSocket(attempt: Sending): void {
  if (!subscribed) {
    subscribed = true;
    diagnostics.subscribe('undici:client:sendHeaders', (message) => send(message as SendHeaders));
  }
  starting = attempt;
  queueMicrotask(() => expectNoSocket(attempt));
}

function send({ request, socket, headers }: SendHeaders): void {
  const attempt = starting;
  starting = null;
  const sender = attempt?.owner ?? NOBODY;
  const owner = owners.get(socket);
  if (owner === undefined) owners.set(socket, sender);
  else if (owner !== sender) owner.shared(socket);
  attempt?.sending(socket, headers, request);
}

/** Whether the first request on the socket was sent by this owner. */
export const owns = (owner: SocketOwner, socket: Socket): boolean => owners.get(socket) === owner;

/** The attempt has ended: what is sent next is not its. */
export function expectNoSocket(attempt: Sending): void {
  if (starting === attempt) starting = null;
}
