import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'MongoDB client',
    source:
      'MongoDB server 4.4 to 7 logs; mongodb Node driver 4 to 6 cmap/connection.ts; pymongo 4; Java driver 4',
    service: 'database',
  },
  [
    {
      id: 'mongo-connection-closed',
      class: 'CLOSED',
      marks: ['pool'],
      regexp: /\bconnection (?:\d{1,9}|<monitor>) to \S{3,253}:\d{1,5} closed\b/,
      says: 'The server or a box ended the connection. Atlas does so for addresses that are not on its access list.',
      examples: ['MongoNetworkError: connection 6 to cluster-shard-00-01.mongodb.net:27017 closed'],
    },
    {
      id: 'mongo-timed-out',
      class: 'TIMEOUT',
      marks: ['pool'],
      regexp:
        /\bconnection (?:\d{1,9}|<monitor>) to \S{3,253}:\d{1,5} timed out\b|\bMongoNetworkTimeoutError\b/,
      examples: ['MongoNetworkTimeoutError: connection 3 to 10.0.0.5:27017 timed out'],
    },
    {
      id: 'mongo-server-selection',
      class: 'TIMEOUT-CONNECT',
      ended: 'unclear',
      strength: 'cause',
      regexp:
        /\bMongoServerSelectionError\b|\bServerSelectionTimeoutError\b|\bNo server chosen by\b|\bserver selection (?:error|timeout)\b/,
      says: 'The driver found no usable server within serverSelectionTimeoutMS (30 s); the nested error says why.',
      examples: [
        'MongoServerSelectionError: Server selection timed out after 30000 ms',
        'pymongo.errors.ServerSelectionTimeoutError: No servers found yet',
      ],
    },
    {
      id: 'mongo-pool-cleared',
      class: 'FOUND-CLOSED',
      marks: ['pool'],
      strength: 'cause',
      regexp: /\bMongoPoolClearedError\b|\bPoolClearedError\b|\bConnection pool for \S{3,253} was cleared\b/,
      examples: [
        'MongoPoolClearedError: Connection pool for 10.0.0.5:27017 was cleared because another operation failed with: "connection 3 to 10.0.0.5:27017 closed"',
      ],
    },
    {
      id: 'mongo-pool-cleared-pipe',
      program: 'MongoDB Rust driver',
      class: 'EPIPE',
      stage: 'idle',
      marks: ['pool'],
      regexp: /\bConnection on pool for \S{3,253} cleared because another operation failed with: Broken pipe/,
      says: 'Another connection of the pool failed, and the driver threw all of them away: the server, or a primary of the set, went.',
      examples: [
        'Connection on pool for db.example.com:27017 cleared because another operation failed with: Broken pipe (os error 32)',
      ],
    },
    {
      id: 'pymongo-auto-reconnect',
      program: 'pymongo',
      class: 'CLOSED',
      marks: ['pool'],
      regexp: /\bAutoReconnect: [^\n]{0,120}?(?:connection closed|Connection reset by peer)/,
      examples: ['pymongo.errors.AutoReconnect: 10.0.0.5:27017: connection closed'],
    },
    {
      id: 'mongo-not-primary',
      class: 'SESSION-KILL',
      strength: 'decisive',
      ended: 'neither',
      regexp:
        /\bNotWritablePrimary\b|\bnot master\b|\bInterruptedAtShutdown\b|\bPrimarySteppedDown\b|\bnode is recovering\b/i,
      marks: ['said-shutdown', 'restart'],
      examples: ['MongoServerError: not master', 'InterruptedAtShutdown: interrupted at shutdown'],
    },
    {
      id: 'mongo-max-connections',
      program: 'MongoDB server',
      class: 'LIMIT',
      strength: 'decisive',
      reporter: 'server',
      regexp:
        /\bconnection refused because (?:there are )?too many open connections\b|\bConnection refused because there are too many open connections\b/i,
      marks: ['said-too-many'],
      examples: ['connection refused because too many open connections: 819'],
    },
    {
      id: 'mongo-client-error',
      program: 'MongoDB server',
      class: 'CLIENT-GONE',
      reporter: 'server',
      regexp:
        /\bError receiving request from client\b|\bSocketException handling request, closing client connection\b/,
      examples: [
        '{"t":{"$date":"2024-01-01T00:00:00Z"},"s":"I","c":"NETWORK","msg":"Error receiving request from client. Ending connection from remote"}',
      ],
    },
    {
      id: 'mongo-topology-destroyed',
      class: 'FOUND-CLOSED',
      marks: ['pool'],
      regexp: /\b[Tt]opology (?:was destroyed|is closed)\b/,
      examples: ['MongoError: Topology was destroyed'],
    },
  ],
);
