import { type Pattern, patternsOf } from '../pattern.ts';

const postgres: Pattern[] = patternsOf({ program: 'PostgreSQL client', verified: 'measured' }, [
  {
    id: 'node-postgres-terminated',
    program: 'node-postgres',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bConnection terminated unexpectedly\b/g,
    families: [
      { cause: 'I9', why: 'the server or a pooler ended the idle session' },
      { cause: 'D14', why: 'an administrator, a failover or a restart ended it' },
      { cause: 'D1', why: 'the server process died' },
      { cause: 'I10', why: 'a pooler ends connections at a maximum age' },
    ],
    examples: ['Error: Connection terminated unexpectedly'],
  },
  {
    id: 'libpq-closed',
    program: 'libpq',
    class: 'EOF',
    strength: 'exact',
    ended: 'unclear',
    regexp: /\bserver closed the connection unexpectedly\b/g,
    says: 'libpq prints these words for a FIN and for a reset alike (both were provoked).',
    families: [
      { cause: 'I9', why: 'the server or a pooler ended the idle session' },
      { cause: 'I4', why: 'a box on the path forgot the idle flow and reset its next packet' },
      { cause: 'D14', why: 'an administrator, a failover or a restart ended it' },
      { cause: 'D1', why: 'the server process died' },
    ],
    examples: [
      'psql: error: connection to server at "127.0.0.1", port 9101 failed: server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.',
      'psycopg2.OperationalError: server closed the connection unexpectedly',
    ],
  },
  {
    id: 'postgres-idle-kill',
    class: 'SESSION-KILL',
    strength: 'exact',
    verified: 'remembered',
    regexp:
      /\bterminating connection due to (?:idle-session timeout|idle-in-transaction timeout)\b|\b(?:57P05|25P03)\b/g,
    examples: ['FATAL:  terminating connection due to idle-session timeout', "code: '57P05'"],
  },
  {
    id: 'postgres-admin-kill',
    class: 'SESSION-KILL',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bterminating connection due to administrator command\b|\b57P01\b/g,
    families: [
      { cause: 'D14', why: 'an administrator, a failover or a restart ended it' },
      { cause: 'I9', why: 'a job that ends idle sessions did' },
    ],
    examples: ['FATAL:  terminating connection due to administrator command', "code: '57P01'"],
  },
  {
    id: 'postgres-client-reset',
    program: 'PostgreSQL server',
    class: 'CLIENT-GONE',
    strength: 'exact',
    ended: 'rst',
    verified: 'remembered',
    regexp: /\bcould not receive data from client: Connection reset by peer\b/g,
    examples: ['LOG:  could not receive data from client: Connection reset by peer'],
  },
]);

const mysql: Pattern[] = patternsOf({ program: 'MySQL client', verified: 'remembered' }, [
  {
    id: 'mysql-protocol-lost',
    program: 'mysql2 (Node)',
    class: 'EOF',
    strength: 'exact',
    verified: 'measured',
    regexp: /\bPROTOCOL_CONNECTION_LOST\b|\bConnection lost: The server closed the connection\b/g,
    examples: [
      "Error: Connection lost: The server closed the connection. {\n  fatal: true,\n  code: 'PROTOCOL_CONNECTION_LOST'\n}",
    ],
    families: [
      { cause: 'I9', why: 'wait_timeout ended the idle session' },
      { cause: 'D14', why: 'an administrator, a failover or a restart ended it' },
      { cause: 'D1', why: 'the server process died' },
    ],
  },
  {
    id: 'mysql-2006',
    class: 'SESSION-KILL',
    strength: 'exact',
    ended: 'unclear',
    regexp: /\bserver has gone away\b|\bCR_SERVER_GONE_ERROR\b/gi,
    says: 'The connection was found dead when the next query was sent.',
    families: [
      { cause: 'I9', why: 'wait_timeout ended the idle session' },
      { cause: 'I4', why: 'a box on the path forgot the idle flow' },
      { cause: 'D5', why: 'the query was larger than max_allowed_packet' },
    ],
    examples: ['ERROR 2006 (HY000): MySQL server has gone away'],
  },
  {
    id: 'mysql-2013',
    class: 'EOF',
    strength: 'exact',
    ended: 'unclear',
    regexp: /\bLost connection to (?:MySQL|MariaDB|server)\b/gi,
    families: [
      { cause: 'D1', why: 'the server process died during the query' },
      { cause: 'D14', why: 'the query or session was killed' },
      { cause: 'D6', why: 'net_read_timeout or net_write_timeout expired' },
      { cause: 'I4', why: 'a box on the path forgot the flow during a long query' },
    ],
    examples: ['ERROR 2013 (HY000): Lost connection to MySQL server during query'],
  },
  {
    id: 'mysql-idle-kill',
    class: 'SESSION-KILL',
    strength: 'exact',
    regexp: /\bdisconnected by the server because of inactivity\b|\bER_CLIENT_INTERACTION_TIMEOUT\b/g,
    examples: [
      'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.',
    ],
  },
]);

/** PostgreSQL and MySQL clients. */
export const databases: Pattern[] = [...postgres, ...mysql];
