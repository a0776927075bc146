import { type Duration, milliseconds } from '../../duration.ts';

/** Shares are of the limit that the system sets: 0.95 of the descriptors, of the memory. */
export interface OverloadLimits {
  /** Between two looks. Default: 1 s. Source: the sample of @fastify/under-pressure. */
  sample?: Duration;
  /**
   * Shed when the 99th percentile of the event-loop delay over a sample exceeds this. Default: 1 s, well past
   * a slow turn (undici's and Node's keep-alive margins are 1 to 2 s); Infinity switches it off.
   */
  eventLoopDelay?: Duration;
  /** Shed at this share of the memory limit (control group, else V8's heap limit). Default: 0.95. */
  memory?: number;
  /**
   * Shed at this share of the open-files limit: at 1.0 Node accepts and drops connections without a word.
   * Default: 0.95.
   */
  descriptors?: number;
  /** Shed at so many connections of this server. Default: Infinity. */
  sockets?: number;
  /** Tell, and from then on close connections after each answer, at this share of a limit. Default: 0.8. */
  warnAt?: number;
  /** Seconds in the `Retry-After` of a shed request. Default: 10, as @fastify/under-pressure has it. */
  retryAfter?: number;
}

export interface OverloadSettings {
  sampleMs: number;
  eventLoopDelayMs: number;
  memory: number;
  descriptors: number;
  sockets: number;
  warnAt: number;
  retryAfter: number;
}

export function overloadSettings(limits: OverloadLimits): OverloadSettings {
  const { eventLoopDelay = '1s' } = limits;
  return {
    sampleMs: milliseconds(limits.sample ?? '1s', 'overload.sample'),
    eventLoopDelayMs:
      eventLoopDelay === Number.POSITIVE_INFINITY
        ? eventLoopDelay
        : milliseconds(eventLoopDelay, 'overload.eventLoopDelay'),
    memory: limits.memory ?? 0.95,
    descriptors: limits.descriptors ?? 0.95,
    sockets: limits.sockets ?? Number.POSITIVE_INFINITY,
    warnAt: limits.warnAt ?? 0.8,
    retryAfter: limits.retryAfter ?? 10,
  };
}
