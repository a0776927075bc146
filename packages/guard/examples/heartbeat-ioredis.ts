/** Redis: `ioredis` probes by TCP only. On a dead peer it reconnects by itself, with its own retryStrategy. */
import { type Heartbeat, type HeartbeatOptions, heartbeat } from '@whyreset/guard';
import type { Redis } from 'ioredis';

export function keepRedis(redis: Redis, options: HeartbeatOptions): Heartbeat {
  return heartbeat(
    {
      ping: () => redis.ping(),
      // true: connect again.
      close: () => redis.disconnect(true),
    },
    options,
  );
}
