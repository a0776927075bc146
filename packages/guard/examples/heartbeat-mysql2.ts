/** MySQL: COM_PING also restarts the server's own wait_timeout. */
import { type Heartbeat, type HeartbeatOptions, heartbeat } from '@whyreset/guard';
import type { Connection } from 'mysql2/promise';

export function keepMysql(connection: Connection, options: HeartbeatOptions): Heartbeat {
  return heartbeat({ ping: () => connection.ping(), close: () => connection.destroy() }, options);
}
