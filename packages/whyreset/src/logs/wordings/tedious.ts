import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'tedious (SQL Server)',
    source: 'tedious 15 to 18 src/connection.ts: socketError, socketClose, connectTimeout, requestTimeout',
    service: 'database',
  },
  [
    {
      id: 'tedious-connect-timeout',
      class: 'TIMEOUT',
      stage: 'connecting',
      marks: ['fresh', 'own-timeout'],
      regexp: /\bFailed to connect to \S{1,253}:\d{1,5} in \d{3,7}ms\b/,
      examples: ['ConnectionError: Failed to connect to orders.database.windows.net:1433 in 15000ms'],
    },
    {
      id: 'tedious-connect-reset',
      class: 'RST-READ',
      stage: 'greeting',
      marks: ['fresh'],
      regexp: /\bFailed to connect to \S{1,253}:\d{1,5} - (?:read|write) ECONNRESET\b/,
      examples: ['Failed to connect to orders.database.windows.net:1433 - read ECONNRESET'],
    },
    {
      id: 'tedious-connect-sequence',
      class: 'REFUSED',
      ended: 'unclear',
      marks: ['fresh'],
      regexp: /\bFailed to connect to \S{1,253}:\d{1,5} - Could not connect \((?:sequence|parallel)\)/,
      says: 'No address of the name could be connected to; refused or unanswered.',
      examples: ['Failed to connect to orders.database.windows.net:1433 - Could not connect (sequence)'],
    },
    {
      id: 'tedious-lost-reset',
      class: 'RST-READ',
      marks: ['pool'],
      regexp: /\bConnection lost - read ECONNRESET\b/,
      examples: ['ConnectionError: Connection lost - read ECONNRESET'],
    },
    {
      id: 'tedious-lost-write',
      class: 'RST-WRITE',
      marks: ['pool'],
      regexp: /\bConnection lost - write (?:ECONNRESET|EPIPE)\b/,
      examples: ['ConnectionError: Connection lost - write ECONNRESET'],
    },
    {
      id: 'tedious-lost-fin',
      class: 'EOF',
      marks: ['pool'],
      regexp: /\bConnection lost - socket hang up\b/,
      examples: ['ConnectionError: Connection lost - socket hang up'],
    },
    {
      id: 'tedious-request-timeout',
      class: 'TIMEOUT',
      stage: 'waiting',
      marks: ['own-timeout', 'long-request'],
      regexp: /\bTimeout: Request failed to complete in \d{3,7}ms\b/,
      examples: ['RequestError: Timeout: Request failed to complete in 15000ms'],
    },
  ],
);
