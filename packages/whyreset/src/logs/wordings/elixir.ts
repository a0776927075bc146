import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Erlang, Elixir',
    source: 'OTP inet, ssl; mint TransportError; postgrex DBConnection; hackney',
    service: 'any',
  },
  [
    {
      id: 'elixir-db-idle',
      class: 'CLOSED',
      ended: 'unclear',
      service: 'database',
      stage: 'idle',
      marks: ['pool', 'idle-before'],
      regexp: /\b(?:tcp|ssl) (?:recv|send)(?: \(idle\)): closed\b/,
      examples: ['** (DBConnection.ConnectionError) tcp recv (idle): closed'],
    },
    {
      id: 'elixir-db-closed',
      class: 'CLOSED',
      service: 'database',
      marks: ['pool'],
      regexp:
        /\b(?:tcp|ssl) (?:recv|send): closed\b(?: \(the connection was closed by the pool[^\n]{0,80}\))?/,
      examples: [
        'Postgrex.Protocol (#PID<0.1.0>) disconnected: ** (DBConnection.ConnectionError) tcp recv: closed',
      ],
    },
    {
      id: 'elixir-db-refused',
      class: 'REFUSED',
      service: 'database',
      regexp: /\btcp connect \([^)\n]{1,253}\): connection refused - :econnrefused\b/,
      examples: [
        '** (DBConnection.ConnectionError) tcp connect (localhost:5432): connection refused - :econnrefused',
      ],
    },
    {
      id: 'elixir-queue',
      class: 'LIMIT',
      service: 'database',
      reporter: 'client',
      marks: ['pool', 'said-too-many'],
      regexp: /\bconnection not available and request was dropped from queue after \d{1,9}ms\b/,
      examples: [
        '** (DBConnection.ConnectionError) connection not available and request was dropped from queue after 2949ms',
      ],
    },
    {
      id: 'elixir-closed',
      class: 'EOF',
      strength: 'cause',
      regexp: /\{:?error, ?:?closed\}|\breason: :closed\b|\bsocket closed\b(?=[^\n]{0,40}mint)/i,
      marks: ['pool'],
      service: 'http',
      examples: ['{:error, %Mint.TransportError{reason: :closed}}', '{error,closed}'],
    },
    {
      id: 'elixir-reset',
      class: 'RST-READ',
      strength: 'cause',
      regexp: /:econnreset\b|\{error, ?econnreset\}/,
      examples: ['%HTTPoison.Error{id: nil, reason: :econnreset}', '{error,econnreset}'],
    },
    {
      id: 'elixir-refused',
      class: 'REFUSED',
      strength: 'cause',
      regexp: /:econnrefused\b|\{error, ?econnrefused\}/,
      examples: ['{error,econnrefused}'],
    },
    {
      id: 'elixir-timeout',
      class: 'TIMEOUT',
      strength: 'cause',
      regexp:
        /\breason: :(?:timeout|etimedout|connect_timeout)\b|\{error, ?(?:etimedout|connect_timeout|timeout)\}/,
      examples: ['%HTTPoison.Error{id: nil, reason: :timeout}'],
    },
  ],
);
