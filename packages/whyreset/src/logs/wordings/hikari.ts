import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'HikariCP',
    source: 'HikariCP 3 to 5 PoolBase.java, HikariPool.java',
    service: 'database',
    reporter: 'client',
    marks: ['pool'],
  },
  [
    {
      id: 'hikari-validate',
      class: 'FOUND-CLOSED',
      regexp: /\bFailed to validate connection\b/,
      marks: ['idle-before'],
      says: 'The pool found the connection dead when it tested it: it had been ended while idle.',
      examples: [
        'HikariPool-1 - Failed to validate connection com.mysql.cj.jdbc.ConnectionImpl@39e2b6a0 (No operations allowed after connection closed.). Possibly consider using a shorter maxLifetime value.',
      ],
    },
    {
      id: 'hikari-broken',
      class: 'CLOSED',
      strength: 'cause',
      regexp: /\bmarked as broken because of SQLSTATE\(08\w{3}\)/,
      examples: [
        'HikariPool-1 - Connection org.postgresql.jdbc.PgConnection@1 marked as broken because of SQLSTATE(08006), ErrorCode(0)',
      ],
    },
    {
      id: 'hikari-not-available',
      class: 'LIMIT',
      regexp: /\bConnection is not available, request timed out after \d{1,9}ms\b/,
      marks: ['said-too-many'],
      says: 'No connection of the client’s own pool became free; the database may not be involved.',
      examples: [
        'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.',
      ],
    },
    {
      id: 'sqlalchemy-pool',
      class: 'LIMIT',
      program: 'SQLAlchemy',
      regexp: /\bQueuePool limit of size \d{1,6} overflow \d{1,6} reached\b/,
      marks: ['said-too-many'],
      examples: [
        'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
      ],
    },
  ],
);
