import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'MySQL client',
    source:
      'MySQL 8 errmsg.h, sql/sql_connect.cc, share/messages_to_error_log.txt; Connector/J ExceptionFactory; go-sql-driver/mysql; mysql2',
    service: 'database',
  },
  [
    {
      id: 'mysql-protocol-lost',
      program: 'mysql2 (Node)',
      class: 'EOF',
      verified: 'measured',
      marks: ['pool'],
      regexp: /\bPROTOCOL_CONNECTION_LOST\b|\bConnection lost: The server closed the connection\b/,
      examples: [
        "Error: Connection lost: The server closed the connection. {\n  fatal: true,\n  code: 'PROTOCOL_CONNECTION_LOST'\n}",
      ],
    },
    {
      id: 'mysql-2006',
      class: 'FOUND-CLOSED',
      regexp: /\bserver has gone away\b|\bCR_SERVER_GONE_ERROR\b/i,
      says: 'The connection was found dead when the next query was sent. A query larger than max_allowed_packet ends so too.',
      marks: ['idle-before'],
      examples: [
        'ERROR 2006 (HY000): MySQL server has gone away',
        'SQLSTATE[HY000]: General error: 2006 MySQL server has gone away',
      ],
    },
    {
      id: 'mysql-2013',
      class: 'CLOSED',
      stage: 'waiting',
      regexp:
        /\bLost connection to (?:MySQL|MariaDB|server)\b(?![^\n]{0,20}? at )(?![^\n]{0,80}?system error)/i,
      marks: ['long-request'],
      examples: ['ERROR 2013 (HY000): Lost connection to MySQL server during query'],
    },
    {
      id: 'mysql-2013-greeting-eof',
      class: 'NO-BANNER',
      regexp:
        /\bLost connection to (?:MySQL|MariaDB|server)[^\n]{0,20}? at '[^'\n]{1,60}', system error: 0\b/i,
      says: 'System error 0: the server or a box closed (FIN) before the greeting was complete.',
      examples: [
        "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 0",
      ],
    },
    {
      id: 'mysql-2013-greeting-reset',
      class: 'RST-CONNECT',
      regexp:
        /\bLost connection to (?:MySQL|MariaDB|server)[^\n]{0,20}? at '[^'\n]{1,60}', system error: (?:104|54|10054)\b/i,
      examples: [
        "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 104",
      ],
    },
    {
      id: 'mysql-2013-greeting-refused',
      class: 'REFUSED',
      regexp:
        /\bLost connection to (?:MySQL|MariaDB|server)[^\n]{0,20}? at '[^'\n]{1,60}', system error: (?:111|61|10061)\b/i,
      examples: [
        "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 111",
      ],
    },
    {
      id: 'mysql-2013-greeting-unreachable',
      class: 'UNREACHABLE',
      regexp:
        /\bLost connection to (?:MySQL|MariaDB|server)[^\n]{0,20}? at '[^'\n]{1,60}', system error: (?:113|101|65)\b/i,
      examples: [
        "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 113",
      ],
    },
    {
      id: 'mysql-2013-greeting-timeout',
      class: 'TIMEOUT-CONNECT',
      regexp:
        /\bLost connection to (?:MySQL|MariaDB|server)[^\n]{0,20}? at '[^'\n]{1,60}', system error: (?:110|60|10060)\b/i,
      examples: [
        "ERROR 2013 (HY000): Lost connection to MySQL server at 'waiting for initial communication packet', system error: 110",
      ],
    },
    {
      id: 'mysql-2013-greeting',
      class: 'NO-BANNER',
      ended: 'unclear',
      strength: 'cause',
      regexp:
        /\bLost connection to (?:MySQL|MariaDB|server)[^\n]{0,20}? at '(?:reading|waiting for|handshake)[^'\n]{0,60}'/i,
      examples: ['(2013, "Lost connection to MySQL server at \'reading authorization packet\'")'],
    },
    {
      id: 'mysql-2013-errno-reset',
      class: 'RST-READ',
      regexp: /\bLost connection to (?:MySQL|MariaDB) server during query \(\[Errno 104\]/i,
      marks: ['long-request'],
      examples: [
        "pymysql.err.OperationalError: (2013, 'Lost connection to MySQL server during query ([Errno 104] Connection reset by peer)')",
      ],
    },
    {
      id: 'mysql-2003-refused',
      class: 'REFUSED',
      regexp: /\bCan't connect to (?:MySQL|MariaDB|local MySQL|server)[^\n]{0,80}?\((?:111|61|10061)\b/i,
      examples: ["ERROR 2003 (HY000): Can't connect to MySQL server on '10.0.0.5' (111)"],
    },
    {
      id: 'mysql-2003-timeout',
      class: 'TIMEOUT-CONNECT',
      regexp: /\bCan't connect to (?:MySQL|MariaDB|server)[^\n]{0,80}?\((?:110|60|10060)\b/i,
      examples: [
        "ERROR 2003 (HY000): Can't connect to MySQL server on '10.0.0.5' (110)",
        "Can't connect to MySQL server on 'db.example.com' (10060)",
      ],
    },
    {
      id: 'mysql-2003-unreachable',
      class: 'UNREACHABLE',
      regexp: /\bCan't connect to (?:MySQL|MariaDB|server)[^\n]{0,80}?\((?:113|101|65)\b/i,
      examples: ["ERROR 2003 (HY000): Can't connect to MySQL server on '10.0.0.5' (113)"],
    },
    {
      id: 'mysql-2003',
      class: 'REFUSED',
      ended: 'unclear',
      strength: 'cause',
      regexp: /\bCan't connect to (?:MySQL|MariaDB|server)\b/i,
      examples: ["ERROR 2003 (HY000): Can't connect to MySQL server on '10.0.0.5:3306'"],
    },
    {
      id: 'mysql-idle-kill',
      class: 'SESSION-KILL',
      strength: 'decisive',
      regexp: /\bdisconnected by the server because of inactivity\b|\bER_CLIENT_INTERACTION_TIMEOUT\b/,
      marks: ['said-idle-timeout'],
      examples: [
        'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.',
      ],
    },
    {
      id: 'mysql-too-many',
      class: 'LIMIT',
      strength: 'decisive',
      reporter: 'server',
      regexp:
        /\bToo many connections\b|\bER_CON_COUNT_ERROR\b|\bhas exceeded the 'max_user_connections' resource\b|\bmax_user_connections\b/,
      marks: ['said-too-many'],
      examples: [
        'ERROR 1040 (HY000): Too many connections',
        "ERROR 1226 (42000): User 'app' has exceeded the 'max_user_connections' resource (current value: 10)",
      ],
    },
    {
      id: 'mysql-blocked',
      class: 'NOT-ALLOWED',
      strength: 'decisive',
      regexp: /\bis blocked because of many connection errors\b/,
      marks: ['said-not-allowed'],
      says: 'max_connect_errors: the server counted connections from this host that broke off in their handshake, as health checks do. FLUSH HOSTS clears it.',
      examples: [
        "ERROR 1129 (HY000): Host '10.0.0.9' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'",
      ],
    },
    {
      id: 'mysql-host-not-allowed',
      class: 'NOT-ALLOWED',
      strength: 'decisive',
      regexp: /\bHost '[^'\n]{1,255}' is not allowed to connect to this (?:MySQL|MariaDB) server\b/,
      marks: ['said-not-allowed'],
      examples: ["ERROR 1130 (HY000): Host '10.0.0.9' is not allowed to connect to this MySQL server"],
    },
    {
      id: 'mysql-packet-too-large',
      class: 'ANSWERED',
      strength: 'decisive',
      regexp:
        /\bGot a packet bigger than 'max_allowed_packet' bytes\b|\bPacket for query is too large\b|\bPacketTooBigException\b|\bER_NET_PACKET_TOO_LARGE\b/,
      marks: ['said-too-large'],
      examples: [
        "ERROR 1153 (08S01): Got a packet bigger than 'max_allowed_packet' bytes",
        "Packet for query is too large (4,739,923 > 65,535). You can change this value on the server by setting the 'max_allowed_packet' variable.",
      ],
    },
    {
      id: 'mysql-aborted-timeout',
      program: 'MySQL server',
      class: 'SESSION-KILL',
      reporter: 'server',
      regexp:
        /\bAborted connection \d{1,20} to db[^\n]{0,200}?Got timeout (?:reading|writing) communication packets/,
      marks: ['said-idle-timeout'],
      says: 'The server’s line: the client sent nothing for wait_timeout, or did not take data for net_write_timeout.',
      examples: [
        "[Note] Aborted connection 84 to db: 'shop' user: 'app' host: '10.0.0.9' (Got timeout reading communication packets)",
      ],
    },
    {
      id: 'mysql-aborted-error',
      program: 'MySQL server',
      class: 'CLIENT-GONE',
      reporter: 'server',
      regexp:
        /\bAborted connection \d{1,20} to db[^\n]{0,200}?Got an error (?:reading|writing) communication packets/,
      says: 'The server’s line: the connection ended without COM_QUIT. The client died, or closed without saying goodbye, or a box on the path ended it.',
      examples: [
        "[Warning] Aborted connection 2619503 to db: 'db_name' user: 'user_name' host: 'webapp_hostname' (Got an error reading communication packets)",
      ],
    },
    {
      id: 'mysql-aborted-killed',
      program: 'MySQL server',
      class: 'SESSION-KILL',
      reporter: 'server',
      regexp:
        /\bAborted connection \d{1,20} to db[^\n]{0,200}?(?:KILLED|closed normally without authentication|This connection closed normally)/,
      marks: ['said-shutdown'],
      examples: ["[Warning] Aborted connection 84 to db: 'shop' user: 'app' host: '10.0.0.9' (KILLED)"],
    },
    {
      id: 'mysql-aborted',
      program: 'MySQL server',
      class: 'CLIENT-GONE',
      reporter: 'server',
      strength: 'cause',
      regexp: /\bAborted connection \d{1,20} to db/,
      examples: ["[Warning] Aborted connection 84 to db: 'unconnected' user: 'app' host: '10.0.0.9'"],
    },
    {
      id: 'mysql-link-failure',
      program: 'MySQL JDBC',
      class: 'CLOSED',
      ended: 'unclear',
      strength: 'cause',
      marks: ['pool'],
      regexp: /\bCommunications link failure\b/,
      says: 'Connector/J gives these words to every kind of end; the innermost exception and "The last packet … ago" say which.',
      examples: ['com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure'],
    },
    {
      id: 'mysql-link-eof',
      program: 'MySQL JDBC',
      class: 'EOF',
      marks: ['pool'],
      regexp:
        /\bExpected to read \d{1,12} bytes, read \d{1,12} bytes before connection was unexpectedly lost\b/,
      examples: [
        'java.io.EOFException: Can not read response from server. Expected to read 4 bytes, read 0 bytes before connection was unexpectedly lost.',
      ],
    },
    {
      id: 'mysql-link-stale',
      program: 'MySQL JDBC',
      class: 'FOUND-CLOSED',
      marks: ['pool', 'idle-before'],
      regexp: /\bis longer than the server configured value of 'wait_timeout'/,
      examples: [
        "The last packet successfully received from the server was 30,001,123 milliseconds ago.  The last packet sent successfully to the server was 30,001,123 milliseconds ago. is longer than the server configured value of 'wait_timeout'.",
      ],
    },
    {
      id: 'mysql-no-operations',
      program: 'MySQL JDBC',
      class: 'FOUND-CLOSED',
      marks: ['pool'],
      regexp: /\bNo operations allowed after connection closed\b|\bcannot be called on a closed connection\b/,
      examples: [
        'java.sql.SQLNonTransientConnectionException: No operations allowed after connection closed.',
        'Connection.setNetworkTimeout cannot be called on a closed connection',
      ],
    },
    {
      id: 'mysql-go-invalid',
      program: 'Go MySQL driver',
      class: 'FOUND-CLOSED',
      marks: ['pool'],
      regexp: /\binvalid connection\b|\bdriver: bad connection\b|\bclosing bad idle connection: [^\n]{1,80}/,
      examples: [
        '[mysql] 2024/01/01 packets.go:122: closing bad idle connection: EOF',
        'driver: bad connection',
        'Error: invalid connection',
      ],
    },
    {
      id: 'mysql-go-eof',
      program: 'Go MySQL driver',
      class: 'EOF',
      marks: ['pool'],
      regexp: /\bpackets\.go:\d{1,4}: unexpected EOF\b/,
      examples: ['[mysql] 2024/01/01 10:00:00 packets.go:36: unexpected EOF'],
    },
    {
      id: 'mysql-aborted-probe',
      program: 'MySQL server',
      class: 'PROBE',
      ended: 'unclear',
      reporter: 'server',
      strength: 'decisive',
      regexp: /\bAborted connection \d{1,20} to db: 'unconnected' user: 'unauthenticated'[^\n]{0,200}/,
      marks: ['no-data', 'health-check'],
      says: 'The connection ended before it logged in: a TCP health check or a scanner. Many of them get a host blocked (max_connect_errors).',
      examples: [
        "[Note] Aborted connection 4711 to db: 'unconnected' user: 'unauthenticated' host: '10.0.0.7' (Got an error reading communication packets)",
      ],
    },
  ],
);
