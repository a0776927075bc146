import type { Duplex } from 'node:stream';

/**
 * What is used of undici, written out: its own types differ between 6, 7 and 8, and the package must type-check
 * without it.
 */
export type Headers = Record<string, string | string[] | undefined>;

export interface Controller {
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
  readonly paused: boolean;
  readonly aborted: boolean;
  readonly reason: Error | null;
  rawHeaders?: unknown;
  rawTrailers?: unknown;
}

/** A handler as undici 7 and 8 have it. */
export interface Handler {
  onRequestStart?(controller: Controller, context: unknown): void;
  onRequestUpgrade?(controller: Controller, status: number, headers: Headers, socket: Duplex): void;
  onResponseStarted?(): void;
  onResponseStart?(controller: Controller, status: number, headers: Headers, statusText?: string): void;
  onResponseData?(controller: Controller, chunk: Buffer): void;
  onResponseEnd?(controller: Controller, trailers: Headers): void;
  onResponseError?(controller: Controller | null, error: Error): void;
  onBodySent?(chunk: unknown): void;
  onRequestSent?(): void;
}

/** A handler as undici 6 has it. */
export interface LegacyHandler {
  onConnect?(abort: (reason?: Error) => void, context?: unknown): void;
  onUpgrade?(status: number, headers: Buffer[] | null, socket: Duplex): void;
  onResponseStarted?(): void;
  onHeaders?(status: number, headers: Buffer[], resume: () => void, statusText?: string): boolean;
  onData?(chunk: Buffer): boolean;
  onComplete?(trailers: string[] | null): void;
  onError?(error: Error): void;
  onBodySent?(chunk: unknown): void;
  onRequestSent?(): void;
}

export interface DispatchOptions {
  origin?: string | URL;
  path: string;
  method: string;
  headers?: unknown;
  body?: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: undici's handler and option types differ between its versions.
export type Dispatch = (options: any, handler: any) => boolean;
