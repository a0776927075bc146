import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Apache HttpClient',
    source:
      'httpclient 4.5 DefaultHttpResponseParser, httpclient5 HttpRequestRetryExec, httpasyncclient 4.1 SessionImpl',
    service: 'http',
    verified: 'documented',
    marks: ['pool'],
  },
  [
    {
      id: 'apache-no-response',
      class: 'EOF',
      regexp: /\bNoHttpResponseException\b|:\d{1,5} failed to respond\b/,
      examples: ['org.apache.http.NoHttpResponseException: api.example.com:443 failed to respond'],
    },
    {
      id: 'apache-connection-closed',
      class: 'EOF',
      regexp:
        /\bConnectionClosedException: (?:Connection (?:is )?closed(?: unexpectedly| by peer)?|Premature end)/,
      examples: [
        'org.apache.http.ConnectionClosedException: Connection is closed',
        'org.apache.http.ConnectionClosedException: Connection closed unexpectedly',
      ],
    },
    {
      id: 'apache-async-timeout',
      class: 'TIMEOUT',
      regexp: /\b[\d,]{1,12} milliseconds timeout on connection \S{1,60} \[ACTIVE\]/,
      says: 'The request was sent on a pooled connection and nothing came back within the socket timeout.',
      marks: ['own-timeout', 'pool'],
      examples: [
        'java.net.SocketTimeoutException: 30,000 milliseconds timeout on connection http-outgoing-5 [ACTIVE]',
      ],
    },
    {
      id: 'apache-pool-timeout',
      class: 'LIMIT',
      reporter: 'client',
      regexp:
        /\bTimeout waiting for connection from pool\b|\bConnectionPoolTimeoutException\b|\bTimeout deadline: \d{1,9} MILLISECONDS\b/,
      marks: ['pool', 'said-too-many'],
      says: 'No connection of the client’s own pool became free: the limit is in the client.',
      examples: [
        'org.apache.http.conn.ConnectionPoolTimeoutException: Timeout waiting for connection from pool',
      ],
    },
  ],
);
