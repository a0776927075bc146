import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Node.js',
    source: 'Node 20.20 lib/net.js, lib/_http_client.js, lib/_http_server.js; libuv uv-errno',
    service: 'any',
    verified: 'measured',
  },
  [
    {
      id: 'node-connect-refused',
      class: 'REFUSED',
      regexp: /\bconnect ECONNREFUSED\b/,
      examples: [
        "Error: connect ECONNREFUSED 127.0.0.1:9999\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {\n  errno: -111,\n  code: 'ECONNREFUSED',\n  syscall: 'connect',\n  address: '127.0.0.1',\n  port: 9999\n}",
        'AxiosError: connect ECONNREFUSED 127.0.0.1:9999',
      ],
    },
    {
      id: 'node-code-refused',
      class: 'REFUSED',
      strength: 'cause',
      regexp: /\bECONNREFUSED\b/,
      examples: [
        "AggregateError [ECONNREFUSED]: \n    at internalConnectMultiple (node:net:1122:18) {\n  code: 'ECONNREFUSED'",
      ],
    },
    {
      id: 'node-connect-reset',
      class: 'RST-CONNECT',
      regexp: /\bconnect ECONNRESET\b/,
      examples: [
        "Error: connect ECONNRESET 127.0.0.1:9104\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {\n  errno: -104,\n  code: 'ECONNRESET',\n  syscall: 'connect',\n  address: '127.0.0.1',\n  port: 9104\n}",
      ],
    },
    {
      id: 'node-read-reset',
      class: 'RST-READ',
      regexp: /\bread ECONNRESET\b/,
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
      regexp:
        /errno["']?\s{0,2}[:=]\s{0,2}["']?-?(?:104|54|4077)\b[^{}]{0,120}syscall["']?\s{0,2}[:=]\s{0,2}["']?read\b/,
      examples: [
        '{"level":50,"err":{"type":"Error","message":"upstream failed","errno":-104,"code":"ECONNRESET","syscall":"read"}}',
      ],
    },
    {
      id: 'node-write-reset',
      class: 'RST-WRITE',
      regexp: /\bwrite ECONNRESET\b/,
      examples: [
        "Error: write ECONNRESET\n    at WriteWrap.onWriteComplete [as oncomplete] (node:internal/stream_base_commons:95:16) {\n  errno: -104,\n  code: 'ECONNRESET',\n  syscall: 'write'\n}",
      ],
    },
    {
      id: 'node-write-epipe',
      class: 'EPIPE',
      regexp: /\bwrite EPIPE\b|code["']?\s{0,2}[:=]\s{0,2}["']EPIPE\b/,
      examples: [
        "Error: write EPIPE\n    at WriteWrap.onWriteComplete [as oncomplete] (node:internal/stream_base_commons:95:16) {\n  errno: -32,\n  code: 'EPIPE',\n  syscall: 'write'\n}",
      ],
    },
    {
      id: 'node-hang-up',
      service: 'http',
      marks: ['pool'],
      class: 'EOF',
      regexp: /\bsocket hang up\b/i,
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
      service: 'http',
      class: 'LOCAL-ABORT',
      regexp: /\bsocket hang up\s{1,8}at (?:TLS)?Socket\.socketCloseListener\b/,
      says: 'The stack shows no end of stream from the peer: this program destroyed the request, for instance on its own timeout.',
      examples: [
        "Error: socket hang up\n    at Socket.socketCloseListener (node:_http_client:477:27)\n    at Socket.emit (node:events:536:35)\n    at TCP.<anonymous> (node:net:343:12) {\n  code: 'ECONNRESET'\n}",
      ],
    },
    {
      id: 'node-aborted',
      service: 'http',
      class: 'EOF-MID',
      regexp:
        /\bError: aborted\b|["']?message["']?\s{0,2}[:=]\s{0,2}["']aborted["']|^\s{0,8}aborted\s{0,8}$|fetch \S{1,300}: aborted\b|'aborted', code/m,
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
      id: 'node-premature-close',
      class: 'EOF-MID',
      strength: 'hint',
      verified: 'remembered',
      regexp: /\bERR_STREAM_PREMATURE_CLOSE\b|\bPremature close\b/,
      ended: 'unclear',
      says: 'A stream was closed before its end; from either side, by a FIN, a reset or this program itself.',
      examples: ['Error [ERR_STREAM_PREMATURE_CLOSE]: Premature close'],
    },
    {
      id: 'node-tls-disconnected',
      class: 'TLS-EOF',
      regexp: /\bbefore secure TLS connection was established\b/,
      says: 'Node gives it the code ECONNRESET, yet no reset was read.',
      examples: [
        "Error: Client network socket disconnected before secure TLS connection was established\n    at TLSSocket.onConnectEnd (node:_tls_wrap:1752:19) {\n  code: 'ECONNRESET',\n  path: null,\n  host: '127.0.0.1',\n  port: 9105,\n  localAddress: undefined\n}",
      ],
    },
    {
      id: 'node-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      verified: 'documented',
      regexp: /\bconnect ETIMEDOUT\b/,
      examples: [
        "Error: connect ETIMEDOUT 203.0.113.7:443\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {\n  errno: -110,\n  code: 'ETIMEDOUT',\n  syscall: 'connect',\n  address: '203.0.113.7',\n  port: 443\n}",
      ],
    },
    {
      id: 'node-read-timeout',
      class: 'TIMEOUT',
      verified: 'documented',
      regexp: /\b(?:read|write) ETIMEDOUT\b/,
      examples: [
        "Error: read ETIMEDOUT\n    at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n  errno: -110,\n  code: 'ETIMEDOUT',\n  syscall: 'read'\n}",
      ],
    },
    {
      id: 'node-code-timeout',
      class: 'TIMEOUT',
      strength: 'hint',
      verified: 'documented',
      regexp: /\b(?:ETIMEDOUT|ESOCKETTIMEDOUT)\b/,
      examples: ["{ code: 'ESOCKETTIMEDOUT', connect: false }"],
    },
    {
      id: 'node-unreachable',
      class: 'UNREACHABLE',
      strength: 'cause',
      verified: 'documented',
      regexp: /\b(?:EHOSTUNREACH|ENETUNREACH)\b/,
      examples: ['Error: connect EHOSTUNREACH 10.0.0.9:8080'],
    },
    {
      id: 'node-econnaborted',
      class: 'LOCAL-ABORT',
      strength: 'cause',
      regexp: /\bread ECONNABORTED\b|\bwrite ECONNABORTED\b/,
      examples: [
        "Error: read ECONNABORTED\n    at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n  errno: -103,\n  code: 'ECONNABORTED',\n  syscall: 'read'\n}",
      ],
    },
    {
      id: 'node-abort-error',
      marks: ['cancelled'],
      class: 'LOCAL-ABORT',
      verified: 'documented',
      regexp: /\bAbortError\b|\bThis operation was aborted\b|\bThe operation was aborted\b|\bERR_CANCELED\b/,
      examples: [
        'AbortError: This operation was aborted',
        "CanceledError: canceled { code: 'ERR_CANCELED' }",
      ],
    },
    {
      id: 'node-http-parse',
      service: 'http',
      marks: ['said-wrong-protocol'],
      class: 'HTTP-MISMATCH',
      regexp:
        /\bHPE_INVALID_(?:CONSTANT|METHOD|VERSION)\b|\bHPE_PAUSED_H2_UPGRADE\b|\bParse Error: Expected HTTP\//,
      examples: ["Error: Parse Error: Expected HTTP/ {\n  bytesParsed: 0,\n  code: 'HPE_INVALID_CONSTANT'"],
    },
    {
      id: 'node-code-only',
      class: 'RESET-CODE',
      strength: 'hint',
      regexp: /\bECONNRESET\b/,
      examples: ["{ code: 'ECONNRESET' }", '{"level":"error","code":"ECONNRESET","msg":"request failed"}'],
    },
    {
      id: 'node-too-many-files',
      class: 'LIMIT',
      verified: 'documented',
      regexp: /\bEMFILE\b|\bENFILE\b/,
      marks: ['said-no-descriptors'],
      examples: ['Error: accept EMFILE', 'Error: EMFILE: too many open files, open'],
    },
    {
      id: 'node-no-port',
      class: 'LIMIT',
      verified: 'documented',
      regexp: /\bEADDRNOTAVAIL\b/,
      marks: ['port-exhaustion'],
      examples: ['Error: connect EADDRNOTAVAIL 10.0.0.2:443 - Local (0.0.0.0:0)'],
    },
    {
      id: 'node-no-address',
      class: 'NO-ADDRESS',
      verified: 'documented',
      regexp: /\bgetaddrinfo E[A-Z_]{3,12}\b|\bENOTFOUND\b|\bEAI_AGAIN\b/,
      examples: ['Error: getaddrinfo ENOTFOUND api.example.com'],
    },
    {
      id: 'node-fetch-timeout',
      class: 'TIMEOUT',
      verified: 'documented',
      program: 'node-fetch',
      service: 'http',
      regexp: /\bnetwork timeout at: /,
      marks: ['own-timeout'],
      examples: ['FetchError: network timeout at: https://api.example.com/x'],
    },
    {
      id: 'node-superagent-timeout',
      class: 'TIMEOUT',
      verified: 'documented',
      program: 'superagent',
      service: 'http',
      regexp: /\b(?:Timeout|Response timeout) of \d{1,9}ms exceeded\b/,
      marks: ['own-timeout'],
      examples: ['Error: Timeout of 5000ms exceeded'],
    },
    {
      id: 'node-request-aborted',
      class: 'CLIENT-GONE',
      verified: 'documented',
      program: 'raw-body (Express)',
      service: 'http',
      regexp: /\bBadRequestError: request aborted\b|\btype: 'request\.aborted'/,
      marks: ['upload'],
      examples: [
        'BadRequestError: request aborted\n    at IncomingMessage.onAborted (/app/node_modules/raw-body/index.js:245:10)',
      ],
    },
    {
      id: 'node-server-request-timeout',
      class: 'SESSION-KILL',
      verified: 'documented',
      service: 'http',
      reporter: 'server',
      regexp: /\bERR_HTTP_REQUEST_TIMEOUT\b/,
      marks: ['said-slow-request'],
      says: 'The Node server did not receive the whole request within requestTimeout or headersTimeout.',
      examples: ['Error [ERR_HTTP_REQUEST_TIMEOUT]: Request timeout'],
    },
  ],
);
