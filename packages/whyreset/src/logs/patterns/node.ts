import { type Pattern, patternsOf } from '../pattern.ts';

/** Node's net, tls and http, and the libraries that pass their errors on (axios, got, node-fetch, ws, pg). */
export const node: Pattern[] = patternsOf({ program: 'Node.js', verified: 'measured' }, [
  {
    id: 'node-connect-refused',
    class: 'REFUSED',
    strength: 'exact',
    regexp: /\bconnect ECONNREFUSED\b/g,
    examples: [
      "Error: connect ECONNREFUSED 127.0.0.1:9999\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {\n  errno: -111,\n  code: 'ECONNREFUSED',\n  syscall: 'connect',\n  address: '127.0.0.1',\n  port: 9999\n}",
      'AxiosError: connect ECONNREFUSED 127.0.0.1:9999',
    ],
  },
  {
    id: 'node-code-refused',
    class: 'REFUSED',
    strength: 'cause',
    regexp: /\bECONNREFUSED\b/g,
    examples: [
      "AggregateError [ECONNREFUSED]: \n    at internalConnectMultiple (node:net:1122:18) {\n  code: 'ECONNREFUSED'",
    ],
  },
  {
    id: 'node-connect-reset',
    class: 'RST-CONNECT',
    strength: 'exact',
    regexp: /\bconnect ECONNRESET\b/g,
    examples: [
      "Error: connect ECONNRESET 127.0.0.1:9104\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {\n  errno: -104,\n  code: 'ECONNRESET',\n  syscall: 'connect',\n  address: '127.0.0.1',\n  port: 9104\n}",
    ],
  },
  {
    id: 'node-read-reset',
    class: 'RST-READ',
    strength: 'exact',
    regexp: /\bread ECONNRESET\b/g,
    examples: [
      "Error: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n  errno: -104,\n  code: 'ECONNRESET',\n  syscall: 'read'\n}",
      "Error: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n  errno: -104,\n  code: 'ECONNRESET',\n  syscall: 'read'\n} { reusedSocket: true, method: 'POST' }",
      'RequestError: read ECONNRESET',
      'FetchError: request to http://127.0.0.1:9100/ failed, reason: read ECONNRESET',
    ],
  },
  {
    id: 'node-errno-read-reset',
    class: 'RST-READ',
    strength: 'cause',
    // The errno of the system call (Linux -104, macOS -54, Windows -4077) proves the reset where `code` does not.
    regexp:
      /errno["']?\s{0,2}[:=]\s{0,2}["']?-?(?:104|54|4077)\b[^{}]{0,120}syscall["']?\s{0,2}[:=]\s{0,2}["']?read\b/g,
    examples: [
      '{"level":50,"err":{"type":"Error","message":"upstream failed","errno":-104,"code":"ECONNRESET","syscall":"read"}}',
    ],
  },
  {
    id: 'node-write-reset',
    class: 'RST-WRITE',
    strength: 'exact',
    regexp: /\bwrite ECONNRESET\b/g,
    examples: [
      "Error: write ECONNRESET\n    at WriteWrap.onWriteComplete [as oncomplete] (node:internal/stream_base_commons:95:16) {\n  errno: -104,\n  code: 'ECONNRESET',\n  syscall: 'write'\n}",
    ],
  },
  {
    id: 'node-write-epipe',
    class: 'EPIPE',
    strength: 'exact',
    regexp: /\bwrite EPIPE\b|code["']?\s{0,2}[:=]\s{0,2}["']EPIPE\b/g,
    examples: [
      "Error: write EPIPE\n    at WriteWrap.onWriteComplete [as oncomplete] (node:internal/stream_base_commons:95:16) {\n  errno: -32,\n  code: 'EPIPE',\n  syscall: 'write'\n}",
    ],
  },
  {
    id: 'node-hang-up',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bsocket hang up\b/gi,
    says: 'Node gives it the code ECONNRESET, yet no reset was read: the socket saw the end of the stream.',
    caveats: [
      'A request that this program destroys itself (req.destroy(), an aborted timeout) also reads "socket hang up".',
    ],
    examples: [
      "Error: socket hang up\n    at Socket.socketOnEnd (node:_http_client:528:25)\n    at Socket.emit (node:events:536:35)\n    at endReadableNT (node:internal/streams/readable:1698:12)\n    at process.processTicksAndRejections (node:internal/process/task_queues:82:21) {\n  code: 'ECONNRESET'\n}",
      'AxiosError: socket hang up',
      '{"level":50,"err":{"type":"Error","message":"socket hang up","stack":"Error: socket hang up\\n    at Socket.socketOnEnd (node:_http_client:528:25)","code":"ECONNRESET"},"msg":"request failed"}',
    ],
  },
  {
    id: 'node-destroyed-by-caller',
    class: 'LOCAL-ABORT',
    strength: 'exact',
    // From socketOnEnd it is the peer's FIN; from socketCloseListener the socket was closed without one.
    regexp: /\bsocket hang up\s{1,8}at (?:TLS)?Socket\.socketCloseListener\b/g,
    says: 'The stack shows no end of stream from the peer: this program destroyed the request, for instance on its own timeout.',
    examples: [
      "Error: socket hang up\n    at Socket.socketCloseListener (node:_http_client:477:27)\n    at Socket.emit (node:events:536:35)\n    at TCP.<anonymous> (node:net:343:12) {\n  code: 'ECONNRESET'\n}",
    ],
  },
  {
    id: 'node-aborted',
    class: 'EOF-MID',
    strength: 'exact',
    regexp:
      /\bError: aborted\b|["']?message["']?\s{0,2}[:=]\s{0,2}["']aborted["']|^\s{0,8}aborted\s{0,8}$|fetch \S{1,300}: aborted\b|'aborted', code/gm,
    ended: 'unclear',
    says: 'It is a FIN unless the request itself failed with "read ECONNRESET" at the same moment: Node reports "aborted" on the response in both cases.',
    caveats: [
      'On a server, "aborted" is reported for a request whose client went away, and on a client also for a request it destroyed itself.',
    ],
    examples: [
      "Error: aborted\n    at Socket.socketCloseListener (node:_http_client:464:19)\n    at Socket.emit (node:events:536:35)\n    at TCP.<anonymous> (node:net:343:12) {\n  code: 'ECONNRESET'\n}",
      'FetchError: Invalid response body while trying to fetch http://127.0.0.1:9103/: aborted',
    ],
  },
  {
    id: 'got-server-aborted',
    program: 'got',
    class: 'EOF-MID',
    strength: 'exact',
    regexp: /\bThe server aborted pending request\b/g,
    examples: ['ReadError: The server aborted pending request'],
  },
  {
    id: 'axios-stream-aborted',
    program: 'axios',
    class: 'EOF-MID',
    strength: 'exact',
    regexp: /\bstream has been aborted\b/g,
    examples: ["AxiosError: stream has been aborted {\n  code: 'ERR_BAD_RESPONSE'"],
  },
  {
    id: 'axios-timeout',
    program: 'axios',
    class: 'TIMEOUT',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\btimeout of \d{1,9}ms exceeded\b/g,
    examples: ['AxiosError: timeout of 5000ms exceeded'],
  },
  {
    id: 'node-premature-close',
    class: 'EOF-MID',
    strength: 'hint',
    verified: 'remembered',
    ended: 'unclear',
    regexp: /\bERR_STREAM_PREMATURE_CLOSE\b|\bPremature close\b/g,
    says: 'A stream was closed before its end; from either side, by a FIN, a reset or this program itself.',
    examples: ['Error [ERR_STREAM_PREMATURE_CLOSE]: Premature close'],
  },
  {
    id: 'node-tls-disconnected',
    class: 'TLS-EOF',
    strength: 'exact',
    regexp: /\bbefore secure TLS connection was established\b/g,
    says: 'Node gives it the code ECONNRESET, yet no reset was read.',
    examples: [
      "Error: Client network socket disconnected before secure TLS connection was established\n    at TLSSocket.onConnectEnd (node:_tls_wrap:1752:19) {\n  code: 'ECONNRESET',\n  path: null,\n  host: '127.0.0.1',\n  port: 9105,\n  localAddress: undefined\n}",
    ],
  },
  {
    id: 'node-connect-timeout',
    class: 'TIMEOUT-CONNECT',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bconnect ETIMEDOUT\b/g,
    examples: [
      "Error: connect ETIMEDOUT 203.0.113.7:443\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {\n  errno: -110,\n  code: 'ETIMEDOUT',\n  syscall: 'connect',\n  address: '203.0.113.7',\n  port: 443\n}",
    ],
  },
  {
    id: 'node-read-timeout',
    class: 'TIMEOUT',
    strength: 'exact',
    verified: 'documented',
    regexp: /\b(?:read|write) ETIMEDOUT\b/g,
    examples: [
      "Error: read ETIMEDOUT\n    at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n  errno: -110,\n  code: 'ETIMEDOUT',\n  syscall: 'read'\n}",
    ],
  },
  {
    id: 'node-code-timeout',
    class: 'TIMEOUT',
    strength: 'hint',
    verified: 'documented',
    regexp: /\b(?:ETIMEDOUT|ESOCKETTIMEDOUT)\b/g,
    examples: ["{ code: 'ESOCKETTIMEDOUT', connect: false }"],
  },
  {
    id: 'node-unreachable',
    class: 'UNREACHABLE',
    strength: 'cause',
    verified: 'documented',
    regexp: /\b(?:EHOSTUNREACH|ENETUNREACH)\b/g,
    examples: ['Error: connect EHOSTUNREACH 10.0.0.9:8080'],
  },
  {
    id: 'node-econnaborted',
    class: 'LOCAL-ABORT',
    strength: 'cause',
    regexp: /\bread ECONNABORTED\b|\bwrite ECONNABORTED\b/g,
    examples: [
      "Error: read ECONNABORTED\n    at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n  errno: -103,\n  code: 'ECONNABORTED',\n  syscall: 'read'\n}",
    ],
  },
  {
    id: 'node-abort-error',
    class: 'LOCAL-ABORT',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bAbortError\b|\bThis operation was aborted\b|\bThe operation was aborted\b|\bERR_CANCELED\b/g,
    examples: ['AbortError: This operation was aborted', "CanceledError: canceled { code: 'ERR_CANCELED' }"],
  },
  {
    id: 'node-http-parse',
    class: 'HTTP-MISMATCH',
    strength: 'exact',
    regexp:
      /\bHPE_INVALID_(?:CONSTANT|METHOD|VERSION)\b|\bHPE_PAUSED_H2_UPGRADE\b|\bParse Error: Expected HTTP\//g,
    examples: ["Error: Parse Error: Expected HTTP/ {\n  bytesParsed: 0,\n  code: 'HPE_INVALID_CONSTANT'"],
  },
  {
    id: 'node-code-only',
    class: 'RESET-CODE',
    strength: 'hint',
    regexp: /\bECONNRESET\b/g,
    examples: ["{ code: 'ECONNRESET' }", '{"level":"error","code":"ECONNRESET","msg":"request failed"}'],
  },
]);
