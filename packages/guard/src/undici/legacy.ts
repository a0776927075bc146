import type { Duplex } from 'node:stream';
import type { Controller, Handler, Headers, LegacyHandler } from './types.ts';

/** The fields that the guard itself reads, found among names and values as they came, when it reads them. */
class RawFields {
  readonly #raw: readonly (Buffer | string)[] | null;

  constructor(raw: readonly (Buffer | string)[] | null) {
    this.#raw = raw;
  }

  get 'keep-alive'(): string | undefined {
    return this.#find('keep-alive');
  }

  get connection(): string | undefined {
    return this.#find('connection');
  }

  get 'retry-after'(): string | undefined {
    return this.#find('retry-after');
  }

  #find(name: string): string | undefined {
    const raw = this.#raw;
    if (raw === null) return;
    let found: string | undefined;
    for (let at = 0; at + 1 < raw.length; at += 2) {
      if (raw[at]!.length !== name.length || raw[at]!.toString('latin1' as never).toLowerCase() !== name)
        continue;
      const value = raw[at + 1]!.toString('latin1' as never);
      found = found === undefined ? value : `${found}, ${value}`;
    }
    return found;
  }
}

const fields = (raw: readonly (Buffer | string)[] | null) => new RawFields(raw) as unknown as Headers;

/**
 * Lets a handler of today's kind be called as undici 6 calls its own, and as undici 7 calls those that need no
 * conversion: it is both the handler below and the controller above.
 */
export class CalledByLegacy implements LegacyHandler, Controller {
  readonly #handler: Handler;
  #abort: ((reason?: Error) => void) | null = null;
  #resume: (() => void) | null = null;
  paused = false;
  aborted = false;
  reason: Error | null = null;
  rawHeaders: unknown = null;
  rawTrailers: unknown = null;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#abort?.(reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.#resume?.();
  }

  onConnect(abort: (reason?: Error) => void, context?: unknown): void {
    this.#abort = abort;
    this.#handler.onRequestStart?.(this, context);
  }

  onUpgrade(status: number, headers: Buffer[] | null, socket: Duplex): void {
    this.rawHeaders = headers;
    this.#handler.onRequestUpgrade?.(this, status, fields(headers), socket);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onHeaders(status: number, headers: Buffer[], resume: () => void, statusText?: string): boolean {
    this.#resume = resume;
    this.rawHeaders = headers;
    this.#handler.onResponseStart?.(this, status, fields(headers), statusText);
    return !this.paused;
  }

  onData(chunk: Buffer): boolean {
    this.#handler.onResponseData?.(this, chunk);
    return !this.paused;
  }

  onComplete(trailers: string[] | null): void {
    this.rawTrailers = trailers;
    this.#handler.onResponseEnd?.(this, fields(trailers));
  }

  onError(error: Error): void {
    this.#handler.onResponseError?.(this.#abort === null ? null : this, error);
  }

  onBodySent(chunk: unknown): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }
}

/**
 * For a dispatcher whose line is not known, because the fetch of another is called over it: undici 6 calls the methods that
 * it knows, 7 and 8 those of today's kind, and a mock, which asks for nothing, the one or the other.
 */
export class CalledByEither extends CalledByLegacy implements Handler {
  readonly #modern: Handler;

  constructor(handler: Handler) {
    super(handler);
    this.#modern = handler;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#modern.onRequestStart?.(controller, context);
  }

  onRequestUpgrade(controller: Controller, status: number, headers: Headers, socket: Duplex): void {
    this.#modern.onRequestUpgrade?.(controller, status, headers, socket);
  }

  onResponseStart(controller: Controller, status: number, headers: Headers, statusText?: string): void {
    this.#modern.onResponseStart?.(controller, status, headers, statusText);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#modern.onResponseData?.(controller, chunk);
  }

  onResponseEnd(controller: Controller, trailers: Headers): void {
    this.#modern.onResponseEnd?.(controller, trailers);
  }

  onResponseError(controller: Controller | null, error: Error): void {
    this.#modern.onResponseError?.(controller, error);
  }
}

/** Lets a handler of undici 6's kind be called as one of today's; fields go to it as they came. */
export class CallsLegacy implements Handler {
  readonly #handler: LegacyHandler;

  constructor(handler: LegacyHandler) {
    this.#handler = handler;
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.#handler.onConnect?.((reason) => controller.abort(reason ?? new Error('aborted')), context);
  }

  onRequestUpgrade(controller: Controller, status: number, _headers: Headers, socket: Duplex): void {
    this.#handler.onUpgrade?.(status, controller.rawHeaders as Buffer[] | null, socket);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onResponseStart(controller: Controller, status: number, _headers: Headers, statusText?: string): void {
    const raw = controller.rawHeaders as Buffer[];
    if (this.#handler.onHeaders?.(status, raw, () => controller.resume(), statusText) === false)
      controller.pause();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#handler.onData?.(chunk) === false) controller.pause();
  }

  onResponseEnd(controller: Controller): void {
    this.#handler.onComplete?.(controller.rawTrailers as string[]);
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    if (!this.#handler.onError) throw error;
    this.#handler.onError(error);
  }

  onBodySent(chunk: unknown): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }
}
