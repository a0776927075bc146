import { Duplex } from 'node:stream';
import type { Connection } from './connection.ts';

/** What `node:http` and its callers take for a socket, whichever connection carries the request at the moment. */
export abstract class SocketFace extends Duplex {
  /** As set by `setTimeout`; 0: none. Whoever attaches a connection sets it there too. */
  protected timeoutMs = 0;

  constructor() {
    super({ allowHalfOpen: true, emitClose: true });
  }

  abstract get connection(): Connection | null;

  setTimeout(ms: number, callback?: () => void): this {
    this.timeoutMs = ms;
    if (callback) {
      if (ms === 0) this.off('timeout', callback);
      else this.once('timeout', callback);
    }
    this.connection?.socket.setTimeout(ms);
    return this;
  }

  setNoDelay(on?: boolean): this {
    this.connection?.socket.setNoDelay(on);
    return this;
  }

  setKeepAlive(on?: boolean, initialDelayMs?: number): this {
    this.connection?.socket.setKeepAlive(on, initialDelayMs);
    return this;
  }

  ref(): this {
    this.connection?.socket.ref();
    return this;
  }

  unref(): this {
    this.connection?.socket.unref();
    return this;
  }
}

/** What callers and libraries read from a request's socket, answered by the connection that carries it. */
for (const name of [
  'remoteAddress',
  'remotePort',
  'remoteFamily',
  'localAddress',
  'localPort',
  'bytesRead',
  'bytesWritten',
  'encrypted',
  'authorized',
  'authorizationError',
  'alpnProtocol',
  'servername',
] as const)
  Object.defineProperty(SocketFace.prototype, name, {
    configurable: true,
    get(this: SocketFace) {
      return (this.connection?.socket as unknown as Record<string, unknown> | undefined)?.[name];
    },
  });

for (const name of [
  'address',
  'getPeerCertificate',
  'getCipher',
  'getProtocol',
  'getSession',
  'isSessionReused',
] as const)
  Object.defineProperty(SocketFace.prototype, name, {
    configurable: true,
    value(this: SocketFace, ...args: unknown[]) {
      const socket = this.connection?.socket as unknown as Record<string, (...args: unknown[]) => unknown>;
      return socket?.[name]?.(...args);
    },
  });
