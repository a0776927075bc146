import http from 'node:http';
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import tls from 'node:tls';
import type { Target } from './target.ts';

/** How the other side ended a connection, with the seconds of silence before it. */
export interface Ending {
  how: 'fin' | 'rst';
  /** Seconds from the last byte of the last answer. */
  idle: number;
  /** Seconds since the connection was opened. */
  age: number;
}

/** What one request came to. */
export type Answer =
  | { kind: 'answer'; status: number; headers: http.IncomingHttpHeaders; seconds: number }
  /** The connection was ended before an answer. */
  | { kind: 'ended'; how: 'fin' | 'rst'; seconds: number }
  /** Nothing came in the time allowed. */
  | { kind: 'silence'; seconds: number };

/** The end follows a goodbye within this time, seconds. */
const PARTING = 0.1;

/** Of what comes unasked, so much is kept, bytes. */
const MOST_GREETING = 120;

/** Longest wait for an answer, milliseconds. */
export const PATIENCE = 10_000;

const now = () => performance.now() / 1000;
const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

/** A connection that could not be opened; `code` is the system's, or of TLS. */
export class ConnectError extends Error {
  readonly code: string;
  constructor(error: unknown) {
    super((error as Error).message, { cause: error });
    this.name = 'ConnectError';
    this.code = codeOf(error);
  }
}

/** One connection over all its requests; it is never opened a second time. */
export class ProbeConnection {
  readonly socket: Socket;
  /** Seconds of the TCP handshake, from the connect to its end: about one round trip. */
  readonly handshake: number;
  readonly protocol: string | null;
  readonly target: Target;
  private readonly opened = now();
  private lastByte = now();
  private ended: Ending | null = null;
  private unasked: Buffer = Buffer.alloc(0);
  private beforeLastByte: number | null = null;
  private readonly waiting = new Set<() => void>();
  /** Keeps the one socket from request to request. */
  private readonly agent: http.Agent;

  private constructor(socket: Socket, handshake: number, protocol: string | null, target: Target) {
    this.socket = socket;
    this.handshake = handshake;
    this.protocol = protocol;
    this.target = target;
    this.agent = new KeptAgent(socket);
    const end = (how: Ending['how']) => {
      // A goodbye right before the end broke the silence that led to it.
      const parting = now() - this.lastByte < PARTING && this.beforeLastByte !== null;
      const since = parting ? this.beforeLastByte! : this.lastByte;
      this.ended ??= { how, idle: now() - since, age: now() - this.opened };
      for (const wake of this.waiting) wake();
    };
    socket.on('end', () => end('fin'));
    socket.on('error', (error) => {
      if (['ECONNRESET', 'EPIPE'].includes(codeOf(error))) end('rst');
    });
    socket.on('close', () => end('fin'));
  }

  /** @throws ConnectError */
  static async open(target: Target, signal: AbortSignal): Promise<ProbeConnection> {
    const { host, port, scheme } = target;
    const started = now();
    const raw = connect({ host, port, signal });
    raw.setNoDelay(true);
    await once(raw, 'connect');
    const handshake = now() - started;
    if (scheme !== 'https') return new ProbeConnection(raw, handshake, null, target);
    // A certificate that does not verify is said, and not obeyed: what is measured is the connection.
    const socket = tls.connect({
      socket: raw,
      servername: /^[\d.]+$|:/.test(host) ? '' : host,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    return new ProbeConnection(socket, handshake, socket.alpnProtocol || null, target);
  }

  /** What came unasked, made printable; null when nothing did. To be read on connections without a request. */
  get greeting(): string | null {
    const bytes = this.unasked;
    if (bytes.length === 0) return null;
    return [...bytes.toString('latin1')]
      .map((char) => (char >= ' ' && char <= '~' ? char : ' '))
      .join('')
      .replace(/ +/g, ' ')
      .trim();
  }

  /** The other side's end of it, if it has come. */
  get ending(): Ending | null {
    return this.ended;
  }

  /** Asks once on this connection, as an ordinary client that keeps it alive. */
  request(patience = PATIENCE): Promise<Answer> {
    const { target } = this;
    const began = now();
    return new Promise((resolve) => {
      const done = (answer: Answer) => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve(answer);
      };
      const ended = () => ({ kind: 'ended' as const, how: this.ended?.how ?? 'fin', seconds: now() - began });
      const wake = () => done(ended());
      const timer = setTimeout(() => done({ kind: 'silence', seconds: now() - began }), patience);
      if (this.ended !== null) return done(ended());
      this.waiting.add(wake);
      const request = http.request(
        {
          host: target.host,
          port: target.port,
          path: target.path,
          method: 'GET',
          headers: { connection: 'keep-alive', 'user-agent': 'whyreset-probe' },
          agent: this.agent,
        },
        (response) => {
          response.on('data', () => {
            this.lastByte = now();
          });
          response.on('end', () => {
            this.lastByte = now();
            done({
              kind: 'answer',
              status: response.statusCode ?? 0,
              headers: response.headers,
              seconds: now() - began,
            });
          });
          response.on('error', () => {});
        },
      );
      request.on('error', () => {
        // The socket's own listeners say how it ended, which may come a moment later.
        setImmediate(() => done(ended()));
      });
      request.end();
    });
  }

  /** Reads what comes unasked, on a connection that will carry no request: unread, it would hide the end behind it. */
  listen(): this {
    this.socket.on('data', (bytes) => {
      if (this.unasked.length === 0) this.unasked = bytes.subarray(0, MOST_GREETING);
      // A message may come in several pieces.
      if (now() - this.lastByte >= PARTING) this.beforeLastByte = this.lastByte;
      this.lastByte = now();
    });
    return this;
  }

  /** Waits for the other side's end, at most so many seconds; null when it did not come. */
  watch(seconds: number, signal: AbortSignal): Promise<Ending | null> {
    if (this.ended !== null || signal.aborted) return Promise.resolve(this.ended);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve(this.ended);
      };
      const timer = setTimeout(done, seconds * 1000);
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Gives every request the one socket, and never destroys it. */
class KeptAgent extends http.Agent {
  private readonly kept: Socket;
  constructor(socket: Socket) {
    super({ keepAlive: true, maxSockets: 1 });
    this.kept = socket;
  }
  override createConnection(): Socket {
    return this.kept;
  }
  /** Node's own gives a connection up a second before the end that the server announces. */
  override keepSocketAlive(): boolean {
    return true;
  }
}

function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => {
      socket.destroy();
      reject(new ConnectError(error));
    };
    const timer = setTimeout(
      () => failed(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
      PATIENCE,
    );
    socket.once('error', failed);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off('error', failed);
      resolve();
    });
  });
}
