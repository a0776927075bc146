import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Rust (hyper, reqwest)',
    source: 'hyper 1.x src/error.rs, reqwest 0.12, tonic 0.12, std io::ErrorKind',
    verified: 'documented',
    service: 'http',
  },
  [
    {
      id: 'hyper-incomplete',
      marks: ['pool'],
      class: 'EOF',
      regexp: /\bconnection closed before message completed\b|\bIncompleteMessage\b/,
      examples: [
        'error sending request for url (http://10.0.0.2:8080/): connection closed before message completed',
      ],
    },
    {
      id: 'rust-reset',
      class: 'RST-READ',
      regexp:
        /\bConnection reset by peer \(os error (?:104|54)\)|\bos error (?:104|54|10054)\b|\bkind: ConnectionReset\b/,
      examples: [
        'hyper::Error(Io, Os { code: 104, kind: ConnectionReset, message: "Connection reset by peer" })',
        'connection error: Connection reset by peer (os error 104)',
      ],
    },
    {
      id: 'rust-refused',
      class: 'REFUSED',
      verified: 'remembered',
      regexp: /\bConnection refused \(os error (?:111|61)\)/,
      examples: ['tcp connect error: Connection refused (os error 111)'],
    },
    {
      id: 'rust-broken-pipe',
      class: 'EPIPE',
      verified: 'remembered',
      regexp: /\bBroken pipe \(os error 32\)/,
      examples: ['error writing a body to connection: Broken pipe (os error 32)'],
    },
    {
      id: 'hyper-body-cut',
      class: 'EOF-MID',
      verified: 'remembered',
      regexp: /\bend of file before message length reached\b|\bunexpected EOF during chunk size line\b/,
      examples: ['error reading a body from connection: end of file before message length reached'],
    },
    {
      id: 'rustls-eof',
      class: 'TLS-EOF',
      strength: 'hint',
      verified: 'remembered',
      regexp: /\bpeer closed connection without sending TLS close_notify\b|\btls handshake eof\b/,
      examples: ['client error (Connect): tls handshake eof'],
    },
    {
      id: 'rust-reset-kind',
      class: 'RST-READ',
      strength: 'cause',
      service: 'any',
      regexp: /\bConnectionReset\b/,
      examples: ['Error { kind: ConnectionReset, message: "connection reset" }'],
    },
    {
      id: 'tonic-transport',
      class: 'CLOSED',
      program: 'tonic',
      service: 'grpc',
      strength: 'cause',
      regexp: /\btransport error\b(?=[\s\S]{0,200}(?:tonic|h2|hyper|Status|status))|\bh2 protocol error\b/,
      examples: ['h2 protocol error: error reading a body from connection'],
    },
    {
      id: 'sqlx-io',
      class: 'EOF',
      program: 'sqlx',
      service: 'database',
      marks: ['pool'],
      regexp: /\bexpected to read \d{1,9} bytes, got 0 bytes at EOF\b/,
      examples: ['error communicating with database: expected to read 5 bytes, got 0 bytes at EOF'],
    },
    {
      id: 'sqlx-pool',
      class: 'LIMIT',
      program: 'sqlx',
      service: 'database',
      reporter: 'client',
      marks: ['pool', 'said-too-many'],
      regexp: /\bPoolTimedOut\b|\bpool timed out while waiting for an open connection\b/,
      examples: ['pool timed out while waiting for an open connection'],
    },
  ],
);
