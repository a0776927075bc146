import { type Pattern, patternsOf } from '../pattern.ts';

/** curl and libcurl (also in PHP, where the number is followed by a colon). */
export const curl: Pattern[] = patternsOf({ program: 'curl', verified: 'measured' }, [
  {
    id: 'curl-7-reset',
    class: 'RST-CONNECT',
    strength: 'exact',
    regexp: /\bcurl:? (?:error )?\(?7\b(?!\.)[^\n]{0,160}?reset by peer/gi,
    examples: ['curl: (7) Failed to connect to 10.0.0.2 port 80 after 1 ms: Connection reset by peer'],
    verified: 'remembered',
  },
  {
    id: 'curl-7-timeout',
    class: 'TIMEOUT-CONNECT',
    strength: 'exact',
    regexp:
      /\bcurl:? (?:error )?\(?(?:7|28)\b(?!\.)[^\n]{0,160}?(?:connection timed out|connection timeout|resolving timed out|Failed to connect[^\n]{0,80}?timeout|Timeout was reached)/gi,
    examples: ['curl: (28) Failed to connect to 203.0.113.7 port 443 after 5001 ms: Timeout was reached'],
    verified: 'remembered',
  },
  {
    id: 'curl-7',
    class: 'REFUSED',
    strength: 'exact',
    regexp: /\bcurl:? (?:error )?\(?7\b(?!\.)/gi,
    caveats: [
      'curl also uses 7 when the host cannot be reached; "after N ms" near zero or one round trip speaks for a refusal.',
    ],
    examples: [
      "curl: (7) Failed to connect to 127.0.0.1 port 9999 after 0 ms: Couldn't connect to server",
      'cURL error 7: Failed to connect to 10.0.0.2 port 80: Connection refused',
    ],
  },
  {
    id: 'curl-18',
    class: 'EOF-MID',
    strength: 'exact',
    regexp:
      /\bcurl:? (?:error )?\(?18\b(?!\.)|\btransfer closed with (?:\d{1,20} bytes remaining|outstanding read data)/gi,
    examples: [
      'curl: (18) transfer closed with 993 bytes remaining to read',
      'curl: (18) transfer closed with outstanding read data remaining',
    ],
  },
  {
    id: 'curl-28',
    class: 'TIMEOUT',
    strength: 'exact',
    regexp: /\bcurl:? (?:error )?\(?28\b(?!\.)|\bOperation timed out after \d{1,12} milliseconds\b/gi,
    examples: ['curl: (28) Operation timed out after 1002 milliseconds with 0 bytes received'],
  },
  {
    id: 'curl-35-reset',
    class: 'RST-TLS',
    strength: 'exact',
    regexp: /\bcurl:? (?:error )?\(?35\b(?!\.)[^\n]{0,160}?reset by peer/gi,
    examples: ['curl: (35) Recv failure: Connection reset by peer'],
  },
  {
    id: 'curl-35-eof',
    class: 'TLS-EOF',
    strength: 'exact',
    regexp:
      /\bcurl:? (?:error )?\(?35\b(?!\.)[^\n]{0,160}?SSL_ERROR_SYSCALL|\bSSL_connect: SSL_ERROR_SYSCALL/gi,
    examples: ['curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to 127.0.0.1:9105 '],
  },
  {
    id: 'curl-52',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bcurl:? (?:error )?\(?52\b(?!\.)|\bEmpty reply from server\b/gi,
    examples: ['curl: (52) Empty reply from server', 'cURL error 52: Empty reply from server'],
  },
  {
    id: 'curl-55',
    class: 'EPIPE',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bcurl:? (?:error )?\(?55\b(?!\.)|\bSend failure: Broken pipe\b/gi,
    examples: ['curl: (55) Send failure: Broken pipe'],
  },
  {
    id: 'curl-55-reset',
    class: 'RST-WRITE',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bSend failure: Connection was reset\b|\bSend failure: Connection reset by peer\b/gi,
    examples: ['curl: (55) Send failure: Connection reset by peer'],
  },
  {
    id: 'curl-56',
    class: 'RST-READ',
    strength: 'exact',
    regexp: /\bRecv failure: Connection (?:was reset|reset by peer)\b/gi,
    caveats: [
      'curl uses the same line for a reset in the middle of the answer; with -w "%{http_code}" it shows 000 only before one.',
    ],
    examples: [
      'curl: (56) Recv failure: Connection reset by peer',
      'curl: (56) Recv failure: Connection was reset',
    ],
  },
  {
    id: 'curl-56-bare',
    class: 'RST-READ',
    strength: 'hint',
    verified: 'documented',
    ended: 'unclear',
    regexp: /\bcurl:? (?:error )?\(?56\b(?!\.)/gi,
    says: 'Code 56 is any failure to receive; with "Connection reset by peer" beside it, it is a reset.',
    examples: ['curl: (56)'],
  },
  {
    id: 'curl-http2-stream',
    class: 'STREAM-RESET',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bHTTP\/2 stream \d{1,10} was not closed cleanly\b|\bcurl:? (?:error )?\(?92\b(?!\.)/gi,
    examples: ['curl: (92) HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)'],
  },
  {
    id: 'curl-http09',
    class: 'HTTP-MISMATCH',
    strength: 'exact',
    regexp: /\bReceived HTTP\/0\.9 when not allowed\b/gi,
    examples: ['curl: (1) Received HTTP/0.9 when not allowed'],
  },
]);
