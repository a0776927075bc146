import { describeDuration } from '../duration.ts';

/** The peer, or the path to it, gave no sign of life. `cause` holds what the kernel or the ping said, if it did. */
export class PeerDeadError extends Error {
  override readonly name = 'PeerDeadError';
  readonly code = 'WHYRESET_PEER_DEAD';
  /** Milliseconds since the last sign of life; null where only the kernel knows. */
  readonly silentMs: number | null;
  /** Heartbeats without an answer; null where only the kernel knows. */
  readonly unanswered: number | null;

  constructor(sentence: string, silentMs: number | null, unanswered: number | null, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.silentMs = silentMs;
    this.unanswered = unanswered;
  }
}

export const noAnswer = (silentMs: number, unanswered: number) =>
  new PeerDeadError(
    `The peer is dead or out of reach: nothing was received for ${describeDuration(silentMs)}, and ${unanswered} ${unanswered === 1 ? 'heartbeat' : 'heartbeats'} went unanswered`,
    silentMs,
    unanswered,
  );
