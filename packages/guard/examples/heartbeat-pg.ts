/** PostgreSQL: `pg` has TCP keep-alive off and sends nothing by itself. */
import { type Heartbeat, type HeartbeatOptions, heartbeat } from '@whyreset/guard';
import type { Client } from 'pg';

export function keepPostgres(client: Client, options: HeartbeatOptions): Heartbeat {
  return heartbeat(
    {
      // An empty query: answered by the server, and planned by nobody.
      ping: () => client.query(''),
      close: (error) => client.connection.stream.destroy(error),
    },
    options,
  );
}
