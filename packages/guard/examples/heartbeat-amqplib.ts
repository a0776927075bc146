/**
 * RabbitMQ: AMQP has heartbeats of its own, which hold the path open; ask for them with `?heartbeat=25` in the
 * address. A round trip over a channel also shows that the broker still serves, and that within a known time.
 */
import type { Socket } from 'node:net';
import { type Heartbeat, type HeartbeatOptions, heartbeat } from '@whyreset/guard';
import type { Channel, ChannelModel } from 'amqplib';

export function keepRabbit(connection: ChannelModel, channel: Channel, options: HeartbeatOptions): Heartbeat {
  return heartbeat(
    {
      ping: () => channel.checkExchange('amq.direct'),
      // An orderly close would wait for an answer; the socket itself is not in amqplib's types.
      close: (error) => (connection.connection as unknown as { stream: Socket }).stream.destroy(error),
    },
    options,
  );
}
