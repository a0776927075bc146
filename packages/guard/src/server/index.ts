/** `@whyreset/guard/server`: a server that does not reset its clients. */
export type { Duration } from '../duration.ts';
export { type Behind, type FrontEndKind, type FrontEndName, frontEndNames } from '../front-ends.ts';
export type { CutConnection, DrainReport } from './drain-report.ts';
export type { Notice, NoticeCode } from './notice.ts';
export type {
  DrainOptions,
  LingerOptions,
  ServeOptions,
  StreamingResponse,
  WebSocketServerLike,
} from './options.ts';
export type { OverloadLimits } from './overload/limits.ts';
export type { Reading } from './overload/watch.ts';
export { type Guarded, type GuardState, serve } from './serve.ts';
export type { FastifyLike } from './target.ts';
export type { HttpTimeouts } from './timeout-plan.ts';
