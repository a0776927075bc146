/** Something the owner of the service should know; never thrown, never silent. */
export interface Notice {
  /** Stable, for programs, as in `keep-alive-too-short`. */
  code: NoticeCode;
  /** One sentence: what, where, what to do. */
  message: string;
}

export type NoticeCode =
  | 'keep-alive-too-short'
  | 'keep-alive-too-long'
  | 'keep-alive-hint-zero'
  | 'headers-timeout'
  | 'flow-outlived'
  | 'max-requests'
  | 'drain-budget'
  | 'drain-open-streams'
  | 'drain-cut'
  | 'accept-queue'
  | 'descriptors'
  | 'memory'
  | 'event-loop'
  | 'sockets'
  | 'shedding'
  | 'shedding-over'
  | 'foreign-signal-handler'
  | 'hook-failed';

export type Tell = (notice: Notice) => void;

/** The default: a process warning, so that `--trace-warnings` and log collectors treat it as any other. */
export const warn: Tell = ({ code, message }) =>
  process.emitWarning(message, { type: 'WhyresetGuard', code });
