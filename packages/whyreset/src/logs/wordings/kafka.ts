import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Kafka client',
    source:
      'Apache Kafka 3.x clients NetworkClient.java, NetworkReceive.java, Selector.java; librdkafka 2.x rdkafka_broker.c; kafkajs 2',
    service: 'broker',
  },
  [
    {
      id: 'kafka-not-established',
      class: 'REFUSED',
      ended: 'unclear',
      regexp:
        /\bConnection to node -?\d{1,9} (?:\([^)\n]{1,253}\) )?could not be established\. (?:Broker|Node) may not be available/,
      says: 'The client could not connect to the address that the broker advertises (node -1: the bootstrap address).',
      examples: [
        '[Producer clientId=producer-1] Connection to node -1 (localhost/127.0.0.1:29092) could not be established. Node may not be available.',
        'Connection to node 1 could not be established. Broker may not be available.',
      ],
    },
    {
      id: 'kafka-bootstrap-disconnected',
      class: 'CLOSED',
      stage: 'greeting',
      strength: 'cause',
      regexp: /\bBootstrap broker \S{1,253}:\d{1,5} (?:\([^)\n]{1,60}\) )?disconnected\b/,
      marks: ['sasl-or-security'],
      examples: ['Bootstrap broker 10.0.0.9:9092 (id: -1 rack: null) disconnected'],
    },
    {
      id: 'kafka-node-disconnected',
      class: 'CLOSED',
      stage: 'idle',
      strength: 'cause',
      regexp: /\bNode -?\d{1,9} disconnected\b/,
      says: 'Brokers and clients close connections that were idle (connections.max.idle.ms: broker 10 min, client 9 min); on its own the line is harmless.',
      examples: ['[Consumer clientId=consumer-1] Node 2 disconnected.'],
    },
    {
      id: 'kafka-in-flight',
      class: 'CLOSED',
      regexp:
        /\bCancelled in-flight [A-Z_]{2,40} request\b|\bThe server disconnected before a response was received\b|\bNetworkException\b(?=[^\n]{0,80}disconnected)|\bDisconnectException\b/,
      examples: [
        'Cancelled in-flight FETCH request with correlation id 23 due to node 2 being disconnected (elapsed time since creation: 30011ms)',
        'org.apache.kafka.common.errors.NetworkException: The server disconnected before a response was received.',
        'org.apache.kafka.common.errors.DisconnectException',
      ],
    },
    {
      id: 'kafka-receive-eof',
      class: 'EOF',
      regexp: /\bEOFException[^\n]{0,20}\n?[^\n]{0,120}?NetworkReceive\.readFrom/,
      stage: 'idle',
      examples: [
        'java.io.EOFException: null\n\tat org.apache.kafka.common.network.NetworkReceive.readFrom(NetworkReceive.java:97)',
      ],
    },
    {
      id: 'kafka-invalid-receive',
      class: 'HTTP-MISMATCH',
      strength: 'decisive',
      reporter: 'server',
      regexp: /\bInvalidReceiveException: Invalid receive \(size = -?\d{1,12}/,
      marks: ['said-wrong-protocol'],
      says: 'The first four bytes were no length: 1195725856 is "GET ", 369296128 and 352518912 are TLS. HTTP or TLS came to a plain Kafka listener.',
      examples: [
        'org.apache.kafka.common.network.InvalidReceiveException: Invalid receive (size = 1195725856 larger than 104857600)',
        'InvalidReceiveException: Invalid receive (size = 369296128 larger than 104857600)',
      ],
    },
    {
      id: 'kafka-ssl-failed',
      class: 'TLS-ALERT',
      regexp:
        /\bFailed authentication with \S{1,120} \((?:channelId=[^)\n]{1,120}\) )?\(?SSL handshake failed|\bSslAuthenticationException\b/,
      marks: ['certificate', 'sasl-or-security'],
      examples: [
        '[SocketServer brokerId=1] Failed authentication with /10.0.0.9 (SSL handshake failed)',
        'org.apache.kafka.common.errors.SslAuthenticationException: SSL handshake failed',
      ],
    },
    {
      id: 'kafka-sasl-failed',
      class: 'NOT-ALLOWED',
      strength: 'decisive',
      regexp:
        /\bSaslAuthenticationException\b|\bUnexpected Kafka request of type \w{1,30} during SASL handshake\b/,
      marks: ['sasl-or-security', 'said-not-allowed'],
      examples: [
        'Unexpected Kafka request of type METADATA during SASL handshake.',
        'SaslAuthenticationException: Authentication failed',
      ],
    },
    {
      id: 'rdkafka-plaintext-listener',
      program: 'librdkafka',
      class: 'TLS-EOF',
      ended: 'unclear',
      marks: ['sasl-or-security', 'tls-to-plain'],
      regexp: /\bSSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener\?/,
      says: 'The broker ended the connection during the TLS handshake; librdkafka supposes a plain listener, which it does not know.',
      examples: [
        'ssl://kafka.example.com:443/2: SSL handshake failed: Disconnected: connecting to a PLAINTEXT broker listener? (after 3024ms in state CONNECT)',
      ],
    },
    {
      id: 'rdkafka-closed-up',
      program: 'librdkafka',
      class: 'EOF',
      stage: 'idle',
      marks: ['long-lived', 'pool'],
      regexp:
        /\bDisconnected: (?:SSL connection closed by peer|Connection closed by peer)?[^\n]{0,40}?\(after \d{5,12}ms in state UP/,
      says: 'The broker, or a box between, ended a connection that was up for that long; mostly an idle one, and librdkafka connects again.',
      examples: [
        'sasl_ssl://b-1.example.com:443/2: Disconnected: SSL connection closed by peer (after 2768263ms in state UP)',
      ],
    },
    {
      id: 'kafka-librd-verify',
      program: 'librdkafka',
      class: 'CLOSED',
      stage: 'greeting',
      regexp:
        /\b(?:Disconnected|disconnected)(?: while requesting ApiVersion)?: (?:verify that|might be caused by incorrect) security\.protocol\b/,
      marks: ['sasl-or-security', 'plain-to-tls', 'said-wrong-protocol'],
      says: 'The broker closed the connection before it answered the first request: the listener expects TLS or SASL, or the reverse.',
      examples: [
        'Disconnected: verify that security.protocol is correctly configured, broker might require SASL authentication (after 347ms in state UP)',
        'Disconnected while requesting ApiVersion: might be caused by incorrect security.protocol configuration (connecting to a SSL listener?)',
      ],
    },
    {
      id: 'kafka-librd-disconnected',
      program: 'librdkafka',
      class: 'CLOSED',
      stage: 'idle',
      regexp: /\bDisconnected \(after \d{1,12}ms in state [A-Z_]{2,20}/,
      examples: ['sasl_ssl://b-1.example.com:9096/1: Disconnected (after 600042ms in state UP)'],
    },
    {
      id: 'kafka-librd-refused',
      program: 'librdkafka',
      class: 'REFUSED',
      regexp: /\bConnect to (?:ipv4|ipv6)#\S{1,80} failed: Connection refused\b/,
      examples: [
        'localhost:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after 0ms in state CONNECT)',
      ],
    },
    {
      id: 'kafka-librd-timeout',
      program: 'librdkafka',
      class: 'TIMEOUT',
      regexp: /\brequest\(s\) timed out: disconnect\b|\bREQTMOUT\b/,
      marks: ['own-timeout'],
      examples: ['3 request(s) timed out: disconnect (after 85046ms in state UP)'],
    },
    {
      id: 'kafka-js',
      program: 'kafkajs',
      class: 'CLOSED',
      regexp:
        /\bKafkaJSConnectionClosedError\b|\bKafkaJSConnectionError: Connection (?:error|timeout)|\bClosed connection\b/,
      examples: ['KafkaJSConnectionClosedError: Closed connection'],
    },
    {
      id: 'kafka-metadata-timeout',
      class: 'TIMEOUT-CONNECT',
      ended: 'neither',
      strength: 'cause',
      regexp:
        /\bnot present in metadata after \d{1,9} ms\b|\bTimed out waiting for a node assignment\b|\bclient has run out of available brokers\b/,
      examples: [
        'org.apache.kafka.common.errors.TimeoutException: Topic orders not present in metadata after 60000 ms.',
        'kafka: client has run out of available brokers to talk to',
      ],
    },
    {
      id: 'nats-slow-consumer',
      program: 'NATS',
      class: 'SESSION-KILL',
      strength: 'decisive',
      regexp: /\bSlow Consumer(?: Detected)?\b|\bnats: stale connection\b|\bStale Connection\b/,
      marks: ['said-heartbeat'],
      examples: [
        '[INF] 10.0.0.9:5123 - cid:7 - Slow Consumer Detected: WriteDeadline of 10s exceeded',
        'nats: stale connection',
      ],
    },
    {
      id: 'zookeeper-session',
      program: 'ZooKeeper',
      class: 'CLIENT-GONE',
      reporter: 'server',
      regexp: /\bUnable to read additional data from client(?: sessionid 0x[0-9a-f]{1,16})?/,
      marks: ['no-data'],
      says: 'The client closed its socket; four-letter-word probes and health checks end so.',
      examples: [
        'WARN Unable to read additional data from client sessionid 0x0, likely client has closed socket',
      ],
    },
    {
      id: 'zookeeper-client-eof',
      program: 'ZooKeeper',
      class: 'EOF',
      regexp: /\bUnable to read additional data from server sessionid 0x[0-9a-f]{1,16}/,
      stage: 'idle',
      examples: [
        'Unable to read additional data from server sessionid 0x16f, likely server has closed socket, closing socket connection and attempting reconnect',
      ],
    },
    {
      id: 'etcd-lost',
      program: 'etcd',
      class: 'CLOSED',
      strength: 'cause',
      regexp:
        /\betcdserver: (?:leader changed|request timed out)|\blost the TCP streaming connection with peer\b/,
      examples: ['lost the TCP streaming connection with peer 8e9e05c52164694d (stream Message reader)'],
    },
    {
      id: 'etcd-rejected',
      program: 'etcd',
      class: 'PROBE',
      reporter: 'server',
      regexp:
        /\brejected connection from "?\S{3,80}"? \(error "(?:EOF|tls: [^"\n]{1,60}|read tcp[^"\n]{1,120})"/,
      marks: ['no-data', 'health-check'],
      examples: ['embed: rejected connection from "10.0.0.5:43126" (error "EOF", ServerName "")'],
    },
  ],
);
