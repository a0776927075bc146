import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'PgBouncer',
    source: 'pgbouncer 1.22 src/janitor.c, src/client.c, src/server.c',
    service: 'database',
    reporter: 'proxy',
    strength: 'decisive',
  },
  [
    {
      id: 'pgbouncer-client-idle',
      class: 'SESSION-KILL',
      regexp:
        /\bclient_idle_timeout\b|closing because: (?:client idle timeout|idle transaction timeout)|\bidle transaction timeout\b/,
      marks: ['said-idle-timeout'],
      examples: [
        'LOG C-0x55: shop/app@10.0.0.9:5123 closing because: client_idle_timeout (age=600s)',
        'closing because: idle transaction timeout',
      ],
    },
    {
      id: 'pgbouncer-server-crashed',
      class: 'UPSTREAM-ENDED',
      regexp: /\bserver conn crashed\?|closing because: server conn crashed/,
      examples: [
        'ERROR:  server conn crashed?',
        'S-0x55: shop/app@10.0.0.5:5432 closing because: server conn crashed? (age=12s)',
      ],
    },
    {
      id: 'pgbouncer-wait',
      class: 'LIMIT',
      regexp: /\bquery_wait_timeout\b/,
      marks: ['said-too-many'],
      examples: ['ERROR: query_wait_timeout', 'closing because: query_wait_timeout (age=121s)'],
    },
    {
      id: 'pgbouncer-too-many',
      class: 'LIMIT',
      regexp: /\bno more connections allowed \(max_client_conn\)/,
      marks: ['said-too-many'],
      examples: ['FATAL:  no more connections allowed (max_client_conn)'],
    },
    {
      id: 'pgbouncer-lifetime',
      class: 'SESSION-KILL',
      ended: 'neither',
      strength: 'exact',
      regexp: /closing because: server (?:lifetime over|idle timeout)/,
      says: 'The pooler renews its own connections to the server; clients do not notice.',
      marks: ['said-max-age'],
      examples: ['closing because: server lifetime over (age=3600s)'],
    },
    {
      id: 'pgbouncer-client-eof',
      class: 'CLIENT-GONE',
      strength: 'exact',
      regexp: /closing because: client (?:unexpected eof|close request)/,
      examples: ['closing because: client unexpected eof (age=0s)'],
    },
  ],
);
