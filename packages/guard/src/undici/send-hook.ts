import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** An attempt that undici is about to write. */
export interface Sending {
  /** @param origin of the request, as the client that sends it knows it. */
  sending(socket: Socket, head: string, origin: string | null): void;
}

let starting: Sending | null = null;
let subscribed = false;

/**
 * undici tells a request that it starts, and in the same breath, before the first byte, publishes the socket on
 * `undici:client:sendHeaders`. HTTP/2 in undici 6 does not publish: such an attempt never learns its socket.
 */
export function expectSocket(attempt: Sending): void {
  if (!subscribed) {
    subscribed = true;
    diagnostics.subscribe('undici:client:sendHeaders', (message) => {
      const attempt = starting;
      starting = null;
      const { socket, headers, request } = message as {
        socket: Socket;
        headers: string;
        request?: { origin?: unknown };
      };
      attempt?.sending(socket, headers, typeof request?.origin === 'string' ? request.origin : null);
    });
  }
  starting = attempt;
}

/** The attempt has ended: what is sent next is not its. */
export function expectNoSocket(attempt: Sending): void {
  if (starting === attempt) starting = null;
}
