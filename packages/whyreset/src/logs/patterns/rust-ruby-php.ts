import { type Pattern, patternsOf } from '../pattern.ts';

const rust: Pattern[] = patternsOf({ program: 'Rust (hyper, reqwest)', verified: 'documented' }, [
  {
    id: 'hyper-incomplete',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bconnection closed before message completed\b|\bIncompleteMessage\b/g,
    examples: [
      'error sending request for url (http://10.0.0.2:8080/): connection closed before message completed',
    ],
  },
  {
    id: 'rust-reset',
    class: 'RST-READ',
    strength: 'exact',
    regexp:
      /\bConnection reset by peer \(os error (?:104|54)\)|\bos error (?:104|54|10054)\b|\bkind: ConnectionReset\b/g,
    examples: [
      'hyper::Error(Io, Os { code: 104, kind: ConnectionReset, message: "Connection reset by peer" })',
      'connection error: Connection reset by peer (os error 104)',
    ],
  },
  {
    id: 'rust-refused',
    class: 'REFUSED',
    verified: 'remembered',
    strength: 'exact',
    regexp: /\bConnection refused \(os error (?:111|61)\)/g,
    examples: ['tcp connect error: Connection refused (os error 111)'],
  },
  {
    id: 'rust-broken-pipe',
    class: 'EPIPE',
    verified: 'remembered',
    strength: 'exact',
    regexp: /\bBroken pipe \(os error 32\)/g,
    examples: ['error writing a body to connection: Broken pipe (os error 32)'],
  },
  {
    id: 'hyper-body-cut',
    class: 'EOF-MID',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bend of file before message length reached\b|\bunexpected EOF during chunk size line\b/g,
    examples: ['error reading a body from connection: end of file before message length reached'],
  },
  {
    id: 'rustls-eof',
    class: 'TLS-EOF',
    strength: 'hint',
    verified: 'remembered',
    regexp: /\bpeer closed connection without sending TLS close_notify\b|\btls handshake eof\b/g,
    examples: ['client error (Connect): tls handshake eof'],
  },
]);

const ruby: Pattern[] = patternsOf({ program: 'Ruby', verified: 'remembered' }, [
  {
    id: 'ruby-eof',
    class: 'EOF',
    strength: 'exact',
    regexp:
      /\bEOFError(?:: end of file reached|\b \(end of file reached\))|\bend of file reached \(EOFError\)/g,
    examples: [
      'EOFError: end of file reached',
      "net/protocol.rb:237:in `rbuf_fill': end of file reached (EOFError)",
    ],
  },
  {
    id: 'ruby-reset',
    class: 'RST-READ',
    strength: 'exact',
    regexp: /\bErrno::ECONNRESET\b/g,
    examples: ['Errno::ECONNRESET: Connection reset by peer'],
  },
  {
    id: 'ruby-refused',
    class: 'REFUSED',
    strength: 'exact',
    regexp: /\bErrno::ECONNREFUSED\b/g,
    examples: ['Errno::ECONNREFUSED: Connection refused - connect(2) for "localhost" port 9999'],
  },
  {
    id: 'ruby-epipe',
    class: 'EPIPE',
    strength: 'exact',
    regexp: /\bErrno::EPIPE\b/g,
    examples: ['Errno::EPIPE: Broken pipe'],
  },
  {
    id: 'ruby-timeout',
    class: 'TIMEOUT',
    strength: 'exact',
    regexp: /\bNet::ReadTimeout\b/g,
    examples: ['Net::ReadTimeout: Net::ReadTimeout with #<TCPSocket:(closed)>'],
  },
  {
    id: 'ruby-connect-timeout',
    class: 'TIMEOUT-CONNECT',
    strength: 'exact',
    regexp: /\bNet::OpenTimeout\b/g,
    examples: ['Net::OpenTimeout: execution expired'],
  },
]);

const php: Pattern[] = patternsOf({ program: 'PHP', verified: 'remembered' }, [
  {
    id: 'php-fwrite-epipe',
    class: 'EPIPE',
    strength: 'exact',
    regexp: /\berrno=32 Broken pipe\b/g,
    examples: [
      'Notice: fwrite(): Send of 8192 bytes failed with errno=32 Broken pipe in /app/client.php on line 12',
    ],
  },
  {
    id: 'php-reset',
    class: 'RST-READ',
    strength: 'exact',
    regexp: /\berrno=104 Connection reset by peer\b/g,
    examples: ['fread(): read of 8192 bytes failed with errno=104 Connection reset by peer'],
  },
  {
    id: 'php-connect-refused',
    class: 'REFUSED',
    strength: 'exact',
    regexp: /\bstream_socket_client\(\)[^\n]{0,120}?Connection refused/g,
    examples: [
      'Warning: stream_socket_client(): Unable to connect to tcp://10.0.0.2:80 (Connection refused)',
    ],
  },
]);

/** Rust, Ruby and PHP programs. */
export const rustRubyPhp: Pattern[] = [...rust, ...ruby, ...php];
