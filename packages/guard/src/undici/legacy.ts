import type { Duplex } from 'node:stream';
import type { Controller, Handler, Headers, LegacyHandler } from './types.ts';

/** Field names and values as they came, to the record that handlers of undici 7 get. */
function record(raw: readonly (Buffer | string)[] | null): Headers {
  const headers: Headers = {};
  for (let at = 0; raw !== null && at + 1 < raw.length; at += 2) {
    const name = raw[at]!.toString('latin1' as never).toLowerCase();
    const value = raw[at + 1]!.toString('latin1' as never);
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

class LegacyController implements Controller {
  readonly #abort: (reason?: Error) => void;
  paused = false;
  aborted = false;
  reason: Error | null = null;
  rawHeaders: unknown = null;
  rawTrailers: unknown = null;
  resumeSocket: (() => void) | null = null;

  constructor(abort: (reason?: Error) => void) {
    this.#abort = abort;
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.#abort(reason);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.resumeSocket?.();
  }
}

/** Lets a handler of today's kind be called by undici 6. */
export class CalledByLegacy implements LegacyHandler {
  readonly #handler: Handler;
  #controller: LegacyController | null = null;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  onConnect(abort: (reason?: Error) => void, context?: unknown): void {
    this.#controller = new LegacyController(abort);
    this.#handler.onRequestStart?.(this.#controller, context);
  }

  onUpgrade(status: number, headers: Buffer[] | null, socket: Duplex): void {
    this.#controller!.rawHeaders = headers;
    this.#handler.onRequestUpgrade?.(this.#controller!, status, record(headers), socket);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onHeaders(status: number, headers: Buffer[], resume: () => void, statusText?: string): boolean {
    const controller = this.#controller!;
    controller.resumeSocket = resume;
    controller.rawHeaders = headers;
    this.#handler.onResponseStart?.(controller, status, record(headers), statusText);
    return !controller.paused;
  }

  onData(chunk: Buffer): boolean {
    this.#handler.onResponseData?.(this.#controller!, chunk);
    return !this.#controller!.paused;
  }

  onComplete(trailers: string[] | null): void {
    this.#controller!.rawTrailers = trailers;
    this.#handler.onResponseEnd?.(this.#controller!, record(trailers));
  }

  onError(error: Error): void {
    this.#handler.onResponseError?.(this.#controller, error);
  }

  onBodySent(chunk: unknown): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }
}

/** Lets a handler of undici 6 be called as one of today's kind; fields go to it as they came. */
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
