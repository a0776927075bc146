import { Attempts } from '../attempts.ts';
import { GuardCore } from '../guard-core.ts';
import { generatedKey, hasKey, isIdempotent } from '../methods.ts';
import type { GuardOptions } from '../options.ts';
import { noteConnectErrors } from './connect-errors.ts';
import { Exchange } from './exchange.ts';
import { headerNames, withHeader } from './header-names.ts';
import { CallsLegacy } from './legacy.ts';
import { retriesAbove } from './outer-retries.ts';
import { OwnOrigin, originKey } from './own-origin.ts';
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
  return interceptorOver(options, false);
}

/** @param isForeign the dispatcher may be of another line of undici than what is called over it. */
export function interceptorOver(options: InterceptorOptions, isForeign: boolean): GuardInterceptor {
  const core = options.core ?? new GuardCore(options);
  const book = new SocketBook(core);
  noteConnectErrors();

  function intercept(dispatch: Dispatch): Dispatch {
    const own = new OwnOrigin();
    const below = { takesLegacy: null, isForeign };
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
      const named = given.origin != null;
      const key = named ? originKey(given.origin!) : own.key;
      const origin = key === null ? core.unnamedOrigin() : core.origin(key);
      const attempts = new Attempts(core, origin, given.method, keyed, !(legacy && retriesAbove(handler)));
      return new Exchange({
        core,
        book,
        attempts,
        dispatch,
        options,
        handler: legacy ? new CallsLegacy(handler as LegacyHandler) : (handler as Handler),
        legacy,
        below,
        own: named ? null : own,
        body,
      }).begin(attempts.beganAt);
    };
  }
  return Object.assign(intercept, { core });
}
