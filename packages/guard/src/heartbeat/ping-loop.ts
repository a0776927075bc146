import { noAnswer, type PeerDeadError } from './peer-dead-error.ts';

/** An answer gets at least this long, milliseconds: a first round trip may well take it. */
const SHORTEST_WAIT = 1000;
/** Share of the interval by which a heartbeat may come early, so that a fleet does not beat as one. */
const JITTER = 0.1;

export interface PingLoopOptions {
  intervalMs: number;
  /** Unanswered heartbeats after which the peer is dead. */
  count: number;
  /** How long the last of them is waited for; null for four times the slowest of the latest round trips. */
  answerMs: number | null;
  /** Sends one heartbeat. */
  send(): void;
  /** Bytes received so far, where they can be counted; a change is a sign of life. */
  received?: () => number;
  onDead(error: PeerDeadError): void;
  /** Between 0 and 1. */
  random?: () => number;
}

/**
 * Sends a heartbeat whenever nothing was received for an interval, and declares the peer dead when `count` of
 * them went unanswered. What the peer sends by itself is a sign of life too.
 *
 * A blocked event loop looks like a silent peer, so every judgement comes one poll phase after its timer, when
 * what had arrived meanwhile has been read, and a timer that was late gives the answer its time again.
 */
export class PingLoop {
  readonly #options: PingLoopOptions;
  #timer: NodeJS.Timeout | undefined;
  #judging: NodeJS.Immediate | undefined;
  #dueAt = 0;
  #heardAt = performance.now();
  #received = 0;
  #lookedAt = performance.now();
  #sentAt: number | null = null;
  #unanswered = 0;
  #pardoned = false;
  #stopped = false;
  /** The slowest of the latest round trips, falling by a tenth with each quicker one; null before the first. */
  rttMs: number | null = null;

  constructor(options: PingLoopOptions) {
    this.#options = options;
    this.#received = options.received?.() ?? 0;
    this.#wait(Math.min(this.#look(), this.#interval()));
  }

  /** Longest time from the peer's death to the report, milliseconds. */
  get deadAfterMs(): number {
    return this.#options.intervalMs * this.#options.count + this.#answerMs();
  }

  /**
   * A sign of life has come.
   *
   * @param at when at the earliest, where it was only noticed later.
   */
  heard(at = performance.now()): void {
    if (this.#sentAt !== null) {
      const rtt = performance.now() - this.#sentAt;
      this.rttMs = this.rttMs === null ? rtt : Math.max(rtt, this.rttMs * 0.9);
      this.#sentAt = null;
    }
    this.#heardAt = at;
    this.#unanswered = 0;
    this.#pardoned = false;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#judging);
  }

  #interval(): number {
    return this.#options.intervalMs * (1 - JITTER * (this.#options.random ?? Math.random)());
  }

  /** Counters do not say when they changed, so they are looked at four times an interval. */
  #look(): number {
    return this.#options.received ? this.#options.intervalMs / 4 : Number.POSITIVE_INFINITY;
  }

  #answerMs(): number {
    const { answerMs, intervalMs } = this.#options;
    return answerMs ?? Math.max(Math.min(SHORTEST_WAIT, intervalMs), 4 * (this.rttMs ?? 0));
  }

  #wait(ms: number): void {
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => {
      const lateMs = performance.now() - this.#dueAt;
      this.#judging = setImmediate(() => this.#judge(lateMs));
    }, ms);
    this.#timer.unref();
  }

  #judge(lateMs: number): void {
    const received = this.#options.received?.() ?? this.#received;
    if (received !== this.#received) {
      this.#received = received;
      this.heard(this.#lookedAt);
    }
    this.#lookedAt = performance.now();
    const { count, intervalMs } = this.#options;
    const silentMs = performance.now() - this.#heardAt;
    if (this.#unanswered === 0 && silentMs < intervalMs * (1 - JITTER)) {
      this.#wait(Math.min(this.#look(), Math.max(1, this.#interval() - silentMs)));
    } else if (this.#unanswered < count) {
      this.#beat();
    } else if (lateMs > this.#answerMs() / 2 && !this.#pardoned) {
      this.#pardoned = true;
      this.#wait(this.#answerMs());
    } else {
      this.stop();
      this.#options.onDead(noAnswer(silentMs, this.#unanswered));
    }
  }

  #beat(): void {
    this.#unanswered++;
    this.#sentAt = performance.now();
    this.#wait(this.#unanswered < this.#options.count ? this.#interval() : this.#answerMs());
    this.#options.send();
    // A heartbeat that failed on the spot may have ended everything.
    if (this.#stopped) this.stop();
  }
}
