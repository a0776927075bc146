import { type Duration, milliseconds } from '../../duration.ts';

/** Shares are of the limit that the system sets: 0.95 of the descriptors, of the memory. */
export interface OverloadLimits {
  /**
   * Turn requests away with a 503 while a resource is past its limit. Default: false, notices alone: a slow server that
   * answers late is better than one that fails, unless its clients have somewhere else to go. Source: with a loop
   * blocked for 1.3 s at a time shedding gave 450 × 503 where Node alone answered 211 × 200.
   */
  shed?: boolean;
  /** Between two looks. Default: 1 s. Source: the sample of @fastify/under-pressure. */
  sample?: Duration;
  /**
   * Shed when the 99th percentile of the event-loop delay exceeds this in two samples in a row: one long turn is
   * no overload. Default: 1 s. Source: the margins by which clients and servers avoid each other's timeouts are 1 s
   * (Node) and 2 s (undici). Infinity switches it off.
   */
  eventLoopDelay?: Duration;
  /**
   * Shed at this share of the memory limit, of the control group or of V8's old generation, whichever is closer. Default:
   * 0.98, so close to the kill that little is lost; memory that was used once may stay with the process, and with
   * a lower share it would then turn everything away for good.
   */
  memory?: number;
  /**
   * Shed at this share of the open-files limit: at 1.0 Node accepts and drops connections without a word.
   * Default: 0.95.
   */
  descriptors?: number;
  /** Shed at so many connections of this server. Default: Infinity. */
  sockets?: number;
  /**
   * Tell at this share of a limit; where it is descriptors or sockets that get scarce, answers also end their
   * connections from then on. Default: 0.8.
   */
  warnAt?: number;
  /** Seconds in the `Retry-After` of a shed request. Default: 10, as @fastify/under-pressure has it. */
  retryAfter?: number;
}

export interface OverloadSettings {
  shed: boolean;
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
    shed: limits.shed ?? false,
    sampleMs: milliseconds(limits.sample ?? '1s', 'overload.sample'),
    eventLoopDelayMs:
      eventLoopDelay === Number.POSITIVE_INFINITY
        ? eventLoopDelay
        : milliseconds(eventLoopDelay, 'overload.eventLoopDelay'),
    memory: limits.memory ?? 0.98,
    descriptors: limits.descriptors ?? 0.95,
    sockets: limits.sockets ?? Number.POSITIVE_INFINITY,
    warnAt: limits.warnAt ?? 0.8,
    retryAfter: limits.retryAfter ?? 10,
  };
}
