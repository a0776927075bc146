import { Attempts } from '../attempts.ts';
import { GuardCore, type GuardedOrigin } from '../guard-core.ts';
import { generatedKey, hasKey, isIdempotent } from '../methods.ts';
import type { GuardOptions } from '../options.ts';
import { watchConnectErrors } from './connect-errors.ts';
import { DispatcherOrigins } from './dispatcher-origins.ts';
import { Exchange } from './exchange.ts';
import { headerNames, withHeader } from './header-names.ts';
import { CallsLegacy } from './legacy.ts';
import { isOneShot, ReplayBody } from './replay-body.ts';
import { SocketBook } from './socket-book.ts';
import type { Dispatch, DispatchOptions, Handler, LegacyHandler } from './types.ts';

/** In a request's options: a guard further out has it in hand. */
const GUARDED = Symbol.for('whyreset.guarded');

export interface InterceptorOptions extends GuardOptions {
  /** Knowledge, budgets and statistics shared with other transports. Default: the interceptor's own. */
  core?: GuardCore;
}

/** An undici interceptor, for `new Agent().compose(…)`, with what it has learned at `core`. */
export interface GuardInterceptor {
  (dispatch: Dispatch): Dispatch;
  readonly core: GuardCore;
}

export function interceptor(options: InterceptorOptions = {}): GuardInterceptor {
  const core = options.core ?? new GuardCore(options);
  const book = new SocketBook(core);
  watchConnectErrors();

  function intercept(dispatch: Dispatch): Dispatch {
    const origins = new DispatcherOrigins(core);
    /** A layer between the guard and the connections was seen to send requests again. */
    let repeatsInside = false;
    const onRepeatedInside = () => {
      repeatsInside = true;
    };
    const learnOrigin = (origin: GuardedOrigin, named: string | null) => origins.learn(origin, named);

    return function guarded(given: DispatchOptions, handler: Handler | LegacyHandler): boolean {
      // Handlers of undici 6, and in undici 7 what it wraps round a handler of that kind: taken at its word, it gets the
      // fields as they came; otherwise undici would convert them there and back.
      const legacy = typeof (handler as LegacyHandler).onConnect === 'function';
      // A tunnel is no exchange of a request for a response, and what another guard has in hand is its.
      if (GUARDED in given || given.method === 'CONNECT') return dispatch(given, handler);

      // The mark first: V8 copies onto a literal ten times as fast as it adds to a copy.
      const options = { [GUARDED]: true, ...given };
      let keyed = given.headers != null && hasKey(headerNames(given.headers));
      if (core.options.generateKey && !keyed && !isIdempotent(given.method)) {
        options.headers = withHeader(given.headers, 'idempotency-key', generatedKey());
        keyed = true;
      }
      const body = isOneShot(given.body) ? new ReplayBody(given.body, core.options.maxReplayBytes) : null;
      if (body !== null) options.body = body;
      const attempts = new Attempts(
        core,
        origins.of(given.origin),
        given.method,
        keyed,
        !repeatsInside && !isRetrying(handler),
      );
      return new Exchange({
        core,
        book,
        attempts,
        dispatch,
        options,
        handler: legacy ? new CallsLegacy(handler as LegacyHandler) : (handler as Handler),
        legacy,
        body,
        learnOrigin,
        onRepeatedInside,
      }).begin(attempts.beganAt);
    };
  }
  return Object.assign(intercept, { core });
}

/** Layers that a handler may stand behind, at most. */
const DEEPEST = 8;

/**
 * undici's own retries (RetryAgent, interceptors.retry) composed further out would multiply with the guard's. They are known by
 * what they keep, for a bundler may rename the class; redirects hold the handler further out in a property, layers with
 * private fields hide it.
 */
function isRetrying(outermost: object): boolean {
  let handler: unknown = outermost;
  for (let depth = 0; depth < DEEPEST && typeof handler === 'object' && handler !== null; depth++) {
    if ('retryOpts' in handler && 'retryCount' in handler) return true;
    handler = (handler as { handler?: unknown }).handler;
  }
  return false;
}
