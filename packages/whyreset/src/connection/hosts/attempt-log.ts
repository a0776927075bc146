import { PlacesByKey } from './places-by-key.ts';

/** Attempts that are kept; 20 bytes each. Beyond, only what is known already is told, as a bound. */
const MOST = 1 << 18;
const FIRST = 1 << 10;

/** What the log keeps of an attempt to connect. */
export interface Attempt {
  /** When its SYN came, or when it was refused; seconds since the capture's epoch. */
  time: number;
  accepted: boolean;
  /** Place of the server among the responders. */
  responder: number;
  responderPort: number;
  /** Place of the client among the addresses. */
  client: number;
}

/** What came at a server after a moment. Times are seconds since the capture's epoch, -1 never. */
export interface LaterAttempts {
  firstAccepted: number;
  firstRefused: number;
  /** Refusals before `firstAccepted`, or until the capture's end. */
  refused: number;
  /** False when attempts were not kept, for want of room: the times are then the latest that they can be. */
  exact: boolean;
}

/** Attempts in order of time: all by responder, the accepted ones by port and by client. */
type Index = Record<'responder' | 'port' | 'client', PlacesByKey>;

const ACCEPTED = 1;
const WORDS = 3;

/**
 * When connections to each server were accepted and refused. The totals of a server say that it accepted something
 * some time; after an end it matters which attempt was the first: "18.7 s later the port accepted" was said where
 * one had been accepted after 0.8 ms.
 */
export class AttemptLog {
  private times = new Float64Array(FIRST);
  /** Responder, port above the kind, client. */
  private words = new Int32Array(WORDS * FIRST);
  private count = 0;
  private full = false;
  private indexed: Index | null = null;

  add({ time, accepted, responder, responderPort, client }: Attempt): void {
    this.full ||= this.count === MOST;
    if (this.full) return;
    if (this.count === this.times.length) this.grow();
    this.indexed = null;
    const at = WORDS * this.count;
    this.times[this.count++] = time;
    this.words[at] = responder;
    this.words[at + 1] = (responderPort << 1) | (accepted ? ACCEPTED : 0);
    this.words[at + 2] = client;
  }

  private grow(): void {
    const { times, words } = this;
    this.times = new Float64Array(2 * times.length);
    this.times.set(times);
    this.words = new Int32Array(2 * words.length);
    this.words.set(words);
  }

  /** What came at a responder after `time`. */
  after(responder: number, time: number): LaterAttempts {
    this.indexed ??= this.index();
    const places = this.indexed.responder.of(responder);
    let firstRefused = -1;
    let refused = 0;
    for (let i = this.firstAfter(places, time); i < places.length; i++) {
      const at = places[i]!;
      if ((this.words[WORDS * at + 1]! & ACCEPTED) !== 0)
        return { firstAccepted: this.times[at]!, firstRefused, refused, exact: !this.full };
      if (firstRefused < 0) firstRefused = this.times[at]!;
      refused++;
    }
    return { firstAccepted: -1, firstRefused, refused, exact: !this.full };
  }

  /**
   * The first attempt at `port` that another responder accepted in `(from, to]`, made by the same client or at a
   * responder that `isSame`, if given, takes for the same host; null when there is none.
   */
  acceptedElsewhere(
    { responder, responderPort: port, client }: Omit<Attempt, 'time' | 'accepted'>,
    from: number,
    to: number,
    isSame: ((responder: number) => boolean) | null,
  ): { responder: number; time: number } | null {
    this.indexed ??= this.index();
    // A flood at one port would be walked for each of its attempts; those of one client are few.
    const places = isSame === null ? this.indexed.client.of(client) : this.indexed.port.of(port);
    for (let i = this.firstAfter(places, from); i < places.length; i++) {
      const at = places[i]!;
      const time = this.times[at]!;
      if (time > to) return null;
      const w = WORDS * at;
      const other = this.words[w]!;
      if (this.words[w + 1]! >> 1 !== port || other === responder) continue;
      if (this.words[w + 2] === client || isSame?.(other) === true) return { responder: other, time };
    }
    return null;
  }

  /** All places in order of time: attempts are written down as connections end, not as they begin. */
  private order(): Uint32Array {
    const { times, count } = this;
    const order = Uint32Array.from({ length: count }, (_, at) => at);
    return order.sort((a, b) => times[a]! - times[b]! || a - b);
  }

  private index(): Index {
    const { words } = this;
    const order = this.order();
    const accepted = order.filter((at) => (words[WORDS * at + 1]! & ACCEPTED) !== 0);
    return {
      responder: new PlacesByKey(order, (at) => words[WORDS * at]!),
      port: new PlacesByKey(accepted, (at) => words[WORDS * at + 1]! >> 1),
      client: new PlacesByKey(accepted, (at) => words[WORDS * at + 2]!),
    };
  }

  /** The first of `places` whose time lies behind `time`. */
  private firstAfter(places: Int32Array, time: number): number {
    let from = 0;
    let to = places.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.times[places[middle]!]! <= time) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
