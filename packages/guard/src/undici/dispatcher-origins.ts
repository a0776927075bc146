import type { GuardCore, GuardedOrigin } from '../guard-core.ts';

let unnamed = 0;

/**
 * The origins of the requests of one dispatcher. A Pool or a Client is asked without an origin, for it has its own; the
 * interceptor does not see it until undici names it with the first request that goes out.
 */
export class DispatcherOrigins {
  readonly #core: GuardCore;
  readonly #names = new Map<string, string>();
  /** What requests without an origin go to. */
  #own: string | null = null;

  constructor(core: GuardCore) {
    this.#core = core;
  }

  of(given: string | URL | undefined): GuardedOrigin {
    if (given instanceof URL) return this.#core.origin(given.origin);
    if (given) return this.#core.origin(this.#nameOf(given));
    this.#own ??= `undici:${++unnamed}`;
    return this.#core.origin(this.#own);
  }

  /** `http://a.example:80/` and `http://a.example` are one. */
  #nameOf(given: string): string {
    let name = this.#names.get(given);
    if (name === undefined) {
      name = URL.canParse(given) && /^https?:/i.test(given) ? new URL(given).origin : given;
      // Requests to ever new origins must not fill it.
      if (this.#names.size > 1000) this.#names.clear();
      this.#names.set(given, name);
    }
    return name;
  }

  /** undici has named the origin of a request that was given none. */
  learn(origin: GuardedOrigin, named: string | null): void {
    if (named === null || origin.key !== this.#own || !origin.key.startsWith('undici:')) return;
    this.#own = this.#nameOf(named);
    this.#core.rename(origin, this.#own);
  }
}
