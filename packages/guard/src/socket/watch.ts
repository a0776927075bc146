import type { Socket } from 'node:net';
import type { FailedAttempt } from '../decide.ts';
import { descriptorOf } from '../ffi/index.ts';
import { restingState, type SocketState, socketState, TCP_STATE } from '../ffi/socket-state.ts';
import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import type { PooledConnection } from '../origin/origin.ts';
import { awaitPeerAfterClose, type PeerAfterClose } from './peer-after-close.ts';

/** What a socket can say of an attempt. */
export type AttemptFacts = Pick<
  FailedAttempt,
  | 'reused'
  | 'idleMs'
  | 'writtenBytes'
  | 'acceptedBytes'
  | 'ackedBytes'
  | 'sinceWriteMs'
  | 'rttMs'
  | 'closeNotify'
> & {
  /** Idle age at which the peer's close came, in milliseconds by the kernel's clock; null when it cannot say. */
  closedAtMs: number | null;
  /** What the peer does with the rest of the request after its FIN; null when nothing of it is outstanding. */
  afterClose: Promise<PeerAfterClose> | null;
};

/** Facts of a request that never got as far as a socket. */
export const NOTHING_WRITTEN: AttemptFacts = {
  reused: false,
  idleMs: null,
  writtenBytes: 0,
  acceptedBytes: null,
  ackedBytes: null,
  sinceWriteMs: null,
  rttMs: null,
  closeNotify: false,
  closedAtMs: null,
  afterClose: null,
};

/** Facts of a request whose socket cannot be told, or was shared with another request. */
export const NOTHING_KNOWN: AttemptFacts = { ...NOTHING_WRITTEN, writtenBytes: null };

/** The part of Node's handles that is read: counters of the TCP stream, under TLS those of the ciphertext. */
interface Handle {
  bytesWritten?: number;
  bytesRead?: number;
  /** Bytes that libuv holds back, since the kernel's buffer is full. */
  writeQueueSize?: number;
  _parent?: Handle;
}

/**
 * A close_notify alert as one TLS record: 5 bytes of head, 2 of alert, and what the cipher adds (TLS 1.3: 17,
 * TLS 1.2 AES-GCM: 24, CBC with SHA-384: up to 71). A session ticket, the other thing that comes unasked, is larger.
 */
const CLOSE_NOTIFY = { least: 19, most: 85 } as const;

/** The kernel counts the SYN among the bytes that were acknowledged (RFC 4898). */
const SYN = 1;

/** Before the handshake is over, and after a reset, the kernel takes nothing of what is written. */
const HOLDS_WHAT_IT_TOOK: ReadonlySet<number> = new Set([TCP_STATE.established, TCP_STATE.closeWait]);

/** Of a socket's requests, how many go by between two looks at its round trip. */
const ROUND_TRIP_EVERY = 256;

/**
 * Follows one socket over all its requests: how old, how often used, how it ended, and what its kernel knew at that
 * moment. The descriptor is open within `end` and `_destroy`, and closed when `error` and `close` are emitted, so it
 * is asked there.
 */
export class SocketWatch {
  readonly openedAt: number;
  readonly socket: Socket;
  readonly #core: GuardCore;
  readonly origin: GuardedOrigin;
  readonly #encrypted: boolean;
  /** Requests begun on this socket. */
  requests = 0;
  hintMs: number | null = null;
  /** How the stream ended; null while it is open, or ended by this side. */
  end: 'fin' | 'rst' | null = null;
  /** Requests that wait for the end of their response; more than one where they are pipelined. */
  #waiting = 0;
  #shared = false;
  #destroyed = false;
  #lastUsedAt: number | null = null;
  #idleMs: number | null = null;
  #writtenAt = 0;
  #endedAt: number | null = null;
  #writtenBefore: number | null = null;
  #readBefore: number | null = null;
  #written: number | null = null;
  #accepted: number | null = null;
  #acked: number | null = null;
  #closeNotify = false;
  #closedAtMs: number | null = null;
  #afterClose: Promise<PeerAfterClose> | null = null;

  constructor(socket: Socket, core: GuardCore, origin: GuardedOrigin) {
    this.socket = socket;
    this.#core = core;
    this.origin = origin;
    this.#encrypted = 'encrypted' in socket;
    this.openedAt = core.now();
    socket.prependListener('end', () => this.peerEnded());
    const destroy = socket._destroy;
    socket._destroy = (error, callback) => {
      this.destroying(error);
      destroy.call(socket, error, callback);
    };
  }

  /** The end of the stream is there; for who sees it before the event's listeners do. */
  peerEnded(): void {
    this.#ended('fin');
  }

  /** The connection came about after the request had been given to it: not before now can it have been written. */
  connected(now: number): void {
    this.#writtenAt = now;
    // Whether its counters can be believed has to be known before the first request.
    this.#state();
  }

  get inFlight(): boolean {
    return this.#waiting > 0;
  }

  /** Another request is written behind the one under way. */
  join(): void {
    this.#waiting += 1;
    this.#shared = true;
  }

  /** What the socket knows is not one request's alone. */
  get isShared(): boolean {
    return this.#shared;
  }

  /** The connection as the policy sees it. */
  pooled(now: number): PooledConnection {
    return {
      idleMs: this.#lastUsedAt === null ? 0 : Math.max(0, now - this.#lastUsedAt),
      ageMs: now - this.openedAt,
      requests: this.requests,
      hintMs: this.hintMs,
    };
  }

  /** When the last response was complete, on the clock of `now`; null before the first. */
  get lastUsedAt(): number | null {
    return this.#lastUsedAt;
  }

  /** To be called right before the first byte of a request is written. */
  begin(now: number): void {
    const raw = this.#rawHandle();
    this.#waiting = 1;
    this.#shared = false;
    this.#writtenAt = now;
    this.#idleMs = this.#lastUsedAt === null ? null : now - this.#lastUsedAt;
    this.#writtenBefore = raw?.bytesWritten ?? null;
    this.#readBefore = this.#encrypted ? (raw?.bytesRead ?? null) : null;
    this.#accepted = null;
    this.#acked = null;
    this.#closedAtMs = null;
    this.#afterClose = null;
    this.requests += 1;
    if (this.requests === 1) this.#state();
    if (this.#idleMs === null) return;
    this.origin.stats.reused += 1;
    this.origin.stats.idleAges.add(this.#idleMs);
  }

  /** The response is complete and the connection goes back to its pool. */
  finished(now: number, hintMs: number | null): void {
    this.#waiting = Math.max(0, this.#waiting - 1);
    this.#lastUsedAt = now;
    this.hintMs = hintMs;
    // A round trip changes slowly, and asking costs a microsecond or two.
    if (this.requests % ROUND_TRIP_EVERY === 1) this.#state();
  }

  /** The request was given up before it wrote anything: the connection is what it was. */
  withdrawn(now: number): void {
    this.#waiting = 0;
    this.#lastUsedAt ??= now;
    this.requests -= 1;
  }

  /** The first byte of the response to the current request has come. */
  answered(now: number): void {
    const { knowledge } = this.origin;
    this.origin.hasAnswered = true;
    knowledge.roundTrip.answered(now - this.#writtenAt);
    if (this.#idleMs !== null) knowledge.reused(this.#idleMs, now);
  }

  /** What the socket knows of the current request; complete once the socket is destroyed. */
  facts(): AttemptFacts {
    const endedAt = this.#endedAt ?? this.#core.now();
    if (this.#endedAt === null) this.#sample();
    const believed = this.#core.kernel.calls !== null;
    return {
      reused: this.#idleMs !== null,
      idleMs: this.#idleMs,
      writtenBytes: this.#written,
      acceptedBytes: believed ? this.#accepted : null,
      ackedBytes: believed ? this.#acked : null,
      sinceWriteMs: endedAt - this.#writtenAt,
      rttMs: this.#core.options.minRttMs ?? this.origin.knowledge.roundTrip.floorMs,
      closeNotify: this.#closeNotify,
      closedAtMs: believed ? this.#closedAtMs : null,
      afterClose: believed ? this.#afterClose : null,
    };
  }

  #rawHandle(): Handle | null {
    const handle = (this.socket as unknown as { _handle: Handle | null })._handle;
    return handle?._parent ?? handle;
  }

  #ended(end: 'fin' | 'rst'): void {
    if (this.end !== null) return;
    const now = this.#core.now();
    this.#endedAt = now;
    this.end = end;
    if (this.inFlight) {
      this.#sample();
      return;
    }
    this.origin.stats.idleCloses += 1;
    const pooled = this.pooled(now);
    pooled.idleMs = this.#closedAt(this.#state()) ?? pooled.idleMs;
    this.origin.knowledge.closedIdle(pooled, now);
  }

  /** The socket is about to be destroyed; for who wants to know how it ended before its listeners do. */
  destroying(error: Error | null): void {
    if (this.#destroyed || (!this.inFlight && this.end !== null)) return;
    this.#destroyed = true;
    const code = (error as NodeJS.ErrnoException | null)?.code;
    if (code === 'ECONNRESET' || code === 'EPIPE') this.#ended('rst');
    if (this.inFlight) this.#sample();
  }

  /**
   * Counts of the kernel against the count of what Node gave to it before this request: what was acknowledged beyond
   * that (and the SYN) is the request's. Of two samples the larger counts: neither can shrink.
   */
  #sample(): void {
    const raw = this.#rawHandle();
    const before = this.#writtenBefore;
    if (raw === null || before === null) return;
    if (raw.bytesWritten !== undefined) this.#written = raw.bytesWritten - before;
    if (this.#readBefore !== null && raw.bytesRead !== undefined) {
      const received = raw.bytesRead - this.#readBefore;
      this.#closeNotify =
        this.end === 'fin' && received >= CLOSE_NOTIFY.least && received <= CLOSE_NOTIFY.most;
    }
    const state = this.#state();
    // A connection that is over can no longer show whether its counters are right: others must have shown it.
    if (state === null || !this.#core.countersAgreed) return;
    // The end of a TLS stream may be the alert alone: without the FIN the peer has not closed yet.
    if (this.end === 'fin' && state.state === TCP_STATE.established) return;
    this.#closedAtMs ??= this.#closedAt(state);
    const acked = Math.max(0, state.bytesAcked - SYN - before);
    const accepted = Math.max(0, state.bytesAcked - SYN + state.sendQueue - before);
    this.#acked = Math.max(this.#acked ?? 0, acked);
    this.#accepted = Math.max(this.#accepted ?? 0, accepted);
    if (this.end === 'fin' && accepted > acked)
      this.#afterClose ??= awaitPeerAfterClose(this.#core.kernel.calls!, descriptorOf(this.socket)!, state);
  }

  /**
   * How long the peer had been silent when its FIN came. A busy loop saw the response late, and sees the close late;
   * the kernel knows when each of them came. Not under TLS, where the close_notify is data too.
   */
  #closedAt(state: SocketState | null): number | null {
    if (state === null || this.end !== 'fin' || this.#encrypted) return null;
    return Math.max(0, state.sinceDataMs - state.sinceAckMs);
  }

  /** The kernel's view, its round trip noted in passing; null where it cannot be asked, or not be believed. */
  #state(): SocketState | null {
    const { calls } = this.#core.kernel;
    const fd = descriptorOf(this.socket);
    const state = calls === null || fd === null ? null : socketState(calls, fd);
    if (state !== null && HOLDS_WHAT_IT_TOOK.has(state.state)) {
      if (this.#lacks(state.bytesAcked + state.sendQueue)) {
        this.#core.distrustKernel();
        return null;
      }
      if ((this.#rawHandle()?.bytesWritten ?? 0) > 0) this.#core.countersAgreed = true;
    }
    if (state?.minRttMs) this.origin.knowledge.roundTrip.sample(state.minRttMs, state.minRttMs);
    return state;
  }

  /**
   * Whether less was taken than was written: gVisor leaves `tcpi_bytes_acked` at 0, and a restored checkpoint begins
   * anew. A kernel whose counters contradict each other is not believed, whatever it says next.
   */
  #lacks(taken: number): boolean {
    const raw = this.#rawHandle();
    return taken - SYN < (raw?.bytesWritten ?? 0) - (raw?.writeQueueSize ?? 0);
  }

  /**
   * A last look before the connection is used again: the same, with the idle age that the kernel knows where a busy
   * loop saw the response late; or null when the peer has closed although Node has not seen it yet.
   */
  look(now: number): PooledConnection | null {
    const pooled = this.pooled(now);
    const { calls } = this.#core.kernel;
    const fd = descriptorOf(this.socket);
    const rest = calls === null || fd === null ? null : restingState(calls, fd);
    if (rest === null) return pooled;
    if (rest === 'closing') {
      this.origin.stats.foundClosed += 1;
      return null;
    }
    // Seldom: what was answered has been acknowledged, unless the counter is wrong.
    if (this.#lacks(rest.bytesAcked)) this.#state();
    pooled.idleMs = Math.max(pooled.idleMs, rest.silentMs);
    return pooled;
  }

  /** The kernel can be asked about this socket: {@link look} sees a close that Node has not seen. */
  get canLook(): boolean {
    return this.#core.kernel.calls !== null && descriptorOf(this.socket) !== null;
  }
}
