import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Elasticsearch',
    source: 'elasticsearch RestClient.java, TcpTransport.java; elasticsearch-py transport.py',
    service: 'http',
    marks: ['pool'],
  },
  [
    {
      id: 'elastic-too-large',
      class: 'ANSWERED',
      strength: 'decisive',
      reporter: 'server',
      regexp:
        /\bentity content is too long \[\d{1,15}\] for the configured buffer limit|\bhttp\.max_content_length\b/,
      marks: ['said-too-large'],
      examples: [
        'org.elasticsearch.client.ResponseException: entity content is too long [105539255] for the configured buffer limit [104857600]',
      ],
    },
    {
      id: 'elastic-bulk',
      class: 'CLOSED',
      strength: 'hint',
      regexp: /\bPOST https?:\/\/\S{1,253}\/_bulk\b[^\n]{0,60}?\[status:N\/A/,
      marks: ['upload', 'large-body'],
      examples: ['WARNING POST https://search.example.com:443/_bulk [status:N/A request:0.345s]'],
    },
    {
      id: 'elastic-transport-mismatch',
      class: 'HTTP-MISMATCH',
      strength: 'decisive',
      reporter: 'server',
      regexp:
        /\binvalid internal transport message format\b|\bThis is not an HTTP port\b|\breceived plaintext (?:http|traffic) (?:traffic )?on an (?:https|encrypted) channel\b/i,
      marks: ['said-wrong-protocol', 'plain-to-tls'],
      examples: [
        'java.io.StreamCorruptedException: invalid internal transport message format, got (47,45,54,20)',
        'received plaintext http traffic on an https channel, closing connection',
        'This is not an HTTP port',
      ],
    },
    {
      id: 'elastic-node-disconnected',
      class: 'CLOSED',
      strength: 'cause',
      regexp: /\bNodeDisconnectedException\b|\bNodeNotConnectedException\b/,
      stage: 'idle',
      examples: [
        'org.elasticsearch.transport.NodeDisconnectedException: [node-2][10.0.0.5:9300][indices:data/read] disconnected',
      ],
    },
    {
      id: 'cassandra-closed',
      class: 'FOUND-CLOSED',
      program: 'Cassandra driver',
      service: 'database',
      regexp:
        /\bClosedConnectionException\b|\bNoNodeAvailableException\b|\bNoHostAvailable(?:Exception)?\b|\bHeartbeatException\b/,
      marks: ['pool'],
      examples: [
        'com.datastax.oss.driver.api.core.connection.ClosedConnectionException: Lost connection to remote peer',
        'com.datastax.driver.core.exceptions.NoHostAvailableException: All host(s) tried for query failed',
      ],
    },
    {
      id: 'oracle-closed',
      class: 'CLOSED',
      program: 'Oracle client',
      service: 'database',
      regexp: /\b(?:ORA-03113|ORA-03135|ORA-12537|ORA-12547)\b/,
      marks: ['pool'],
      says: 'ORA-03113, -03135, -12537: the connection ended under the session. SQLNET.EXPIRE_TIME keeps a path open; the alert log says whether the server process ended.',
      examples: ['ORA-03113: end-of-file on communication channel', 'ORA-03135: connection lost contact'],
    },
    {
      id: 'oracle-reset',
      class: 'RST-READ',
      program: 'Oracle client',
      service: 'database',
      regexp: /\bORA-17002\b[^\n]{0,60}?Connection reset|\bIO Error: Connection reset\b/,
      marks: ['pool'],
      examples: ['java.sql.SQLRecoverableException: IO Error: Connection reset'],
    },
    {
      id: 'oracle-timeout',
      class: 'TIMEOUT-CONNECT',
      program: 'Oracle client',
      service: 'database',
      regexp: /\b(?:ORA-12170|ORA-12535)\b/,
      examples: ['ORA-12170: TNS:Connect timeout occurred'],
    },
    {
      id: 'oracle-idle',
      class: 'SESSION-KILL',
      program: 'Oracle',
      service: 'database',
      strength: 'decisive',
      regexp: /\bORA-02396\b/,
      marks: ['said-idle-timeout'],
      examples: ['ORA-02396: exceeded maximum idle time, please connect again'],
    },
    {
      id: 'oracle-refused',
      class: 'REFUSED',
      program: 'Oracle client',
      service: 'database',
      regexp: /\b(?:ORA-12541|ORA-12514|ORA-12505)\b/,
      examples: ['ORA-12541: TNS:no listener'],
    },
    {
      id: 'oracle-limit',
      class: 'LIMIT',
      program: 'Oracle',
      service: 'database',
      strength: 'decisive',
      regexp: /\b(?:ORA-00018|ORA-00020|ORA-12516|ORA-12519|ORA-12520)\b/,
      marks: ['said-too-many'],
      examples: [
        'ORA-12519: TNS:no appropriate service handler found',
        'ORA-00020: maximum number of processes (150) exceeded',
      ],
    },
  ],
);
