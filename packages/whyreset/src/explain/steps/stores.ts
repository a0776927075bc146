import type { ProductSteps } from './define.ts';

/** Databases, caches and brokers. */
export const stores: readonly ProductSteps[] = [
  {
    product: 'HikariCP',
    is: /\bhikari/i,
    steps: {
      'server-idle-kill':
        "In the pool: maxLifetime (30 min unless set) must be some seconds below the wait_timeout of the server and below every idle timeout on the path; set keepaliveTime (2 to 5 min). On MySQL: SHOW VARIABLES LIKE '%timeout%'",
      'state-lost':
        'In the pool: maxLifetime below the idle timeout of NAT and balancer, keepaliveTime below it as well (120 s)',
      'connection-limit-reached':
        'In the application: connections that are not given back (leakDetectionThreshold), long queries, maximumPoolSize against the load',
    },
  },
  {
    product: 'PostgreSQL',
    is: /\bpostgres|\bpsql\b|\bpsycopg|\bpgx\b|\bpgjdbc\b|\basyncpg\b|\blibpq\b|\bpg_hba\b|\bwalsender\b|:5432\b(?!->)|\bnode-postgres\b|\bon client connection\b|\breceive data from client\b/i,
    steps: {
      'server-idle-kill':
        'On the server: SHOW idle_session_timeout; SHOW idle_in_transaction_session_timeout; SHOW wal_sender_timeout; and the server’s log of the same second, which names the reason',
      'server-timeout-on-slow-client':
        'On the server: SHOW wal_sender_timeout (60 s) for replication; the consumer must send its confirmation more often, from a thread of its own',
      'administrative-kill':
        'On the server: its log of the same second ("terminating connection due to administrator command", a restart, a failover) and pg_postmaster_start_time()',
      'process-died':
        'On the server: its log of the same second ("was terminated by signal", "crash of another server process") and dmesg for the OOM killer',
      'connection-limit-reached':
        'On the server: SELECT count(*) FROM pg_stat_activity against SHOW max_connections; put a pooler in front or shrink the pools',
      'client-not-allowed': 'On the server: add the address to pg_hba.conf (host, hostssl) and reload',
      'state-lost':
        'On client or server: tcp_keepalives_idle=120 (libpq keepalives_idle, server tcp_keepalives_idle), below the idle timeout of NAT or balancer',
      'middlebox-idle-silent-drop':
        'On client or server: tcp_keepalives_idle=120 and tcp_user_timeout (libpq keepalives_idle, server tcp_keepalives_idle), below the idle timeout of NAT or balancer',
      'client-gave-up':
        'On the client’s host: why the program ended or closed without Terminate (killed, redeployed, timed out); %h in log_line_prefix names the host',
      any: 'On the server: its log of the same second; log_disconnections=on and log_connections=on tell how long each session lived',
    },
  },
  {
    product: 'PgBouncer',
    is: /\bpgbouncer\b/i,
    steps: {
      any: 'On the pooler: SHOW POOLS, SHOW CONFIG: server_idle_timeout, server_lifetime, client_idle_timeout, query_wait_timeout; its log names the reason after "closing because"',
    },
  },
  {
    product: 'MySQL',
    is: /\bmysql|\bmariadb\b|:3306\b|\bCommunications link failure\b|\bAborted connection\b|\bmax_allowed_packet\b/i,
    steps: {
      'server-idle-kill':
        "On the server: SHOW VARIABLES LIKE '%timeout%' (wait_timeout, interactive_timeout); the pool’s maximum idle time must be below wait_timeout; SHOW STATUS LIKE 'Aborted_clients' grows with each",
      'keepalive-gave-up':
        'On the client: set socketTimeout and connectTimeout in the JDBC URL (there is none by default) and tcpKeepAlive=true with a shorter net.ipv4.tcp_keepalive_time; then find out when the server’s host went away',
      'early-response-unread-body':
        "On the server: SHOW VARIABLES LIKE 'max_allowed_packet' against the size of the statement",
      'connection-limit-reached':
        "On the server: SHOW STATUS LIKE 'Threads_connected' against max_connections and max_user_connections",
      'client-not-allowed':
        'On the server: SELECT user, host FROM mysql.user; FLUSH HOSTS clears "blocked because of many connection errors" (raise max_connect_errors, give the health check a login)',
      'client-gave-up':
        "On the client’s host: programs that end without closing the connection; SHOW STATUS LIKE 'Aborted_clients', and pools that live longer than wait_timeout or than the idle timeout of a firewall between",
      'process-died':
        'On the server: its error log of the same second ("mysqld got signal", a restart) and dmesg for the OOM killer; SHOW STATUS LIKE \'Uptime\'',
      any: "On the server: SHOW VARIABLES LIKE '%timeout%'; SHOW STATUS LIKE 'Aborted%'; log_error_verbosity=3 writes each aborted connection with its reason",
    },
  },
  {
    product: 'MongoDB',
    is: /\bmongo|:27017\b/i,
    steps: {
      'client-not-allowed':
        'In Atlas: Network Access must list the address that the client has now (a home line changes it); a closed connection right after connecting is how Atlas refuses',
      'server-idle-kill':
        'In the driver: maxIdleTimeMS below the idle timeout of the path; on the server: its log, "c":"NETWORK"',
      'connection-limit-reached':
        'On the server: db.serverStatus().connections against net.maxIncomingConnections',
      any: 'On the server: its log of the same second with "c":"NETWORK", and rs.status() for an election; in the driver: maxIdleTimeMS, serverSelectionTimeoutMS',
    },
  },
  {
    product: 'Redis',
    is: /\bredis\b|\bioredis\b|\bjedis\b|\blettuce\b|:63(?:79|80)\b/i,
    steps: {
      'server-idle-kill':
        'On the server: CONFIG GET timeout, CONFIG GET tcp-keepalive; CLIENT LIST shows idle= of each client',
      'state-lost':
        'On the client: keepAlive below the idle timeout of the path (ioredis keepAlive, node-redis socket.keepAlive or pingInterval; Azure and its balancer: 240 s or 10 min)',
      'middlebox-idle-silent-drop':
        'On the client: TCP keep-alive or a PING more often than the idle timeout of the path (ioredis keepAlive: 30000, node-redis pingInterval, redis-py health_check_interval=30 and socket_keepalive=True)',
      'connection-limit-reached':
        'On the server: INFO clients (connected_clients, rejected connections in INFO stats) against CONFIG GET maxclients',
      'retransmission-give-up':
        'At the service: failover, patching or scaling at that time; on the client: ss -tnoi dst HOST while it hangs, and a command timeout with reconnect',
      any: 'On the server: INFO clients, CLIENT LIST, CONFIG GET client-output-buffer-limit, CONFIG GET timeout, and its log of the same second',
    },
  },
  {
    product: 'RabbitMQ',
    is: /\brabbit|\bamqp|\bpika\b|\bcelery\b|\bkombu\b|:567[12]\b/i,
    steps: {
      'state-lost':
        'Set heartbeat (client and broker) to 10 to 30 s, well below half the idle timeout of the balancer between them; rabbitmqctl list_connections name timeout state shows what was negotiated',
      'middlebox-idle-silent-drop':
        'Set heartbeat to 10 to 30 s, below half the idle timeout of the balancer between them; a consumer that works long in one callback must still send heartbeats',
      'keepalive-gave-up':
        'In the client: a callback that blocks longer than two heartbeats starves them (use a thread, process_data_events); rabbitmqctl list_connections name timeout state',
      'client-gave-up':
        'On the client’s host: its log of the same second; if it did not close, look at what lies between: a balancer closes idle connections for both (heartbeat below its idle timeout)',
      any: 'At the broker: its log of the same second, rabbitmqctl list_connections name peer_host timeout state; at the client: heartbeat, and what lies between',
    },
  },
  {
    product: 'Kafka',
    is: /\bkafka|\blibrdkafka\b|\brdkafka\b|\bBootstrap broker\b|:909[23]\b/i,
    steps: {
      'no-listener':
        'At the broker: advertised.listeners must name an address that this client can reach (localhost means the client’s own host; in containers use the service name), and that port must be one it listens on: kafka-broker-api-versions.sh --bootstrap-server HOST:PORT',
      'policy-drop':
        'At the broker: advertised.listeners must name an address that this client can reach; check it with nc -vz for every broker of the metadata, not only for the bootstrap address',
      'plaintext-to-tls-port':
        'Compare security.protocol of the client (PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL) with the listener of that port: listener.security.protocol.map at the broker; openssl s_client -connect HOST:PORT tells TLS from plain',
      'http-version-mismatch':
        'Compare the port with the listeners of the broker: something that speaks HTTP or TLS was sent to a plain Kafka port (a probe, a browser, a wrong security.protocol)',
      'tls-alert':
        'Compare security.protocol, ssl.truststore and ssl.endpoint.identification.algorithm of the client with the listener’s certificate',
      'server-idle-kill':
        'connections.max.idle.ms: broker 10 min, client 9 min; a disconnect of an idle connection is harmless, and the client reconnects',
      'state-lost':
        'connections.max.idle.ms of the client below the idle timeout of NAT or balancer (240000 for Azure, 300000 for AWS)',
      any: 'At the broker: server.log of the same second; at the client: security.protocol, advertised.listeners of the metadata, request.timeout.ms, connections.max.idle.ms',
    },
  },
  {
    product: 'Elasticsearch',
    is: /\belastic(?!ache)|\bopensearch\b|\b_bulk\b|:9[23]00\b/i,
    steps: {
      'early-response-unread-body':
        'At the server: http.max_content_length (100 MB; 10 MB on small AWS instances) against the size of the bulk request; lower max_chunk_bytes or the number of documents per bulk',
      'middlebox-idle-silent-drop':
        'In the client: switch SO_KEEPALIVE on (RestClient setHttpClientConfigCallback, setSoKeepAlive(true)) with net.ipv4.tcp_keepalive_time below the firewall’s idle timeout, or a keep-alive strategy of a few minutes',
      any: 'At the server: its log of the same second, GC pauses, and http.max_content_length',
    },
  },
  {
    product: 'Oracle',
    is: /\bORA-\d{5}\b|\bTNS:/,
    steps: {
      any: 'On the server: the alert log of the same second; sqlnet.ora SQLNET.EXPIRE_TIME=5 keeps a path open through firewalls; IDLE_TIME of the profile ends sessions',
    },
  },
  {
    product: 'SQL Server',
    is: /\bSqlClient\b|\bSqlException\b|\btransport-level error\b|\bTCP Provider\b|:1433\b|\bsqlserver\b|\btedious\b|\bmssql\b|\.database\.windows\.net\b/i,
    steps: {
      'policy-drop':
        'From the client: nc -vz HOST 1433; in Azure: the firewall rules of the server must list this client’s public address, and with the policy Redirect ports 11000 to 11999 must be open as well',
      'no-listener':
        'On the server: SQL Server Configuration Manager, TCP/IP enabled, and its port; a named instance needs UDP 1434 (SQL Browser) or the port in the connection string',
      'state-lost':
        'In the pool: an idle timeout below 4 minutes (Azure’s gateway forgets flows that are idle for that long), or TCP keep-alive every 30 s; validate a connection before use',
      'middlebox-idle-silent-drop':
        'In the pool: an idle timeout below 4 minutes (Azure’s gateway forgets flows that are idle for that long), or TCP keep-alive every 30 s; validate a connection before use',
      any: 'At the server: its error log and failovers of the same second; in the connection string: Connection Lifetime, ConnectRetryCount; Azure ends connections that are idle for 30 min, its gateways drop those of 4 min without keep-alive',
    },
  },
  {
    product: 'ZooKeeper',
    is: /\bzookeeper\b|:2181\b/i,
    steps: {
      any: 'At the server: maxClientCnxns, tickTime and the session timeout; echo ruok | nc HOST 2181',
    },
  },
  {
    product: 'NATS, MQTT',
    is: /\bNATS\b|\bnats:|\bmqtt\b|\bmosquitto\b|:1883\b|:4222\b/i,
    steps: {
      any: 'At the broker: its log names the reason (slow consumer, keepalive exceeded, client id taken over); the keepalive of the client must be below every idle timeout on the path',
    },
  },
];
