import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'undici (fetch)',
    source: 'undici 6 to 8 lib/dispatcher/client-h1.js, lib/core/errors.js; Node 20.20',
    service: 'http',
    verified: 'measured',
    marks: ['pool'],
  },
  [
    {
      id: 'undici-other-side-closed',
      class: 'EOF',
      regexp: /\bother side closed\b/,
      caveats: [
        'undici.request() prints the same when the answer had already begun; a bytesRead above 0 without "fetch failed" hints at it.',
      ],
      examples: [
        "TypeError: fetch failed\n    at node:internal/deps/undici/undici:14976:13 {\n  [cause]: SocketError: other side closed\n      at Socket.<anonymous> (node:internal/deps/undici/undici:6436:28) {\n    code: 'UND_ERR_SOCKET',\n    socket: {\n      localAddress: '127.0.0.1',\n      localPort: 55840,\n      remoteAddress: '127.0.0.1',\n      remotePort: 9101,\n      remoteFamily: 'IPv4',\n      timeout: undefined,\n      bytesWritten: 169,\n      bytesRead: 0\n    }\n  }\n}",
        'SocketError: other side closed',
      ],
    },
    {
      id: 'undici-terminated-closed',
      class: 'EOF-MID',
      regexp: /(?:TypeError: |["'])terminated\b[\s\S]{0,1600}?\bother side closed\b/,
      examples: [
        "TypeError: terminated\n    at Fetch.onAborted (node:internal/deps/undici/undici:11350:53)\n    at Fetch.emit (node:events:524:28) {\n  [cause]: SocketError: other side closed\n      at Socket.<anonymous> (node:internal/deps/undici/undici:6436:28) {\n    code: 'UND_ERR_SOCKET',\n    socket: {\n      remoteAddress: '127.0.0.1',\n      remotePort: 9103,\n      bytesWritten: 169,\n      bytesRead: 48\n    }\n  }\n}",
      ],
    },
    {
      id: 'undici-terminated-reset',
      class: 'RST-MID',
      regexp: /(?:TypeError: |["'])terminated\b[\s\S]{0,1600}?\bread ECONNRESET\b/,
      examples: [
        "TypeError: terminated\n    at Fetch.onAborted (node:internal/deps/undici/undici:11350:53) {\n  [cause]: Error: read ECONNRESET\n      at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n    errno: -104,\n    code: 'ECONNRESET',\n    syscall: 'read'\n  }\n}",
      ],
    },
    {
      id: 'undici-terminated',
      class: 'EOF-MID',
      strength: 'hint',
      regexp: /\bTypeError: terminated\b/,
      ended: 'unclear',
      says: 'The cause below "terminated" is missing in this text: "other side closed" there means a FIN, "read ECONNRESET" a reset.',
      examples: ['TypeError: terminated'],
    },
    {
      id: 'undici-reset',
      class: 'RST-READ',
      regexp: /\bfetch failed\b[\s\S]{0,1600}?\bread ECONNRESET\b/,
      examples: [
        "TypeError: fetch failed\n    at node:internal/deps/undici/undici:14976:13 {\n  [cause]: Error: read ECONNRESET\n      at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n    errno: -104,\n    code: 'ECONNRESET',\n    syscall: 'read'\n  }\n}",
      ],
    },
    {
      id: 'undici-socket-code',
      class: 'EOF',
      strength: 'hint',
      regexp: /\bUND_ERR_SOCKET\b/,
      ended: 'unclear',
      says: 'Only the code is there; with the message "other side closed" it is a FIN.',
      examples: ["{ code: 'UND_ERR_SOCKET' }"],
    },
    {
      id: 'undici-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      verified: 'documented',
      regexp: /\bUND_ERR_CONNECT_TIMEOUT\b|\bConnectTimeoutError\b/,
      says: 'undici waits 10 s for a connection unless told otherwise.',
      examples: [
        "TypeError: fetch failed {\n  [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: example.com:443, timeout: 10000ms)\n    code: 'UND_ERR_CONNECT_TIMEOUT'\n",
      ],
    },
    {
      id: 'undici-response-timeout',
      marks: ['own-timeout'],
      class: 'TIMEOUT',
      verified: 'documented',
      regexp: /\bUND_ERR_(?:HEADERS|BODY)_TIMEOUT\b|\b(?:Headers|Body)TimeoutError\b/,
      says: 'undici waits 300 s for headers and between two pieces of the body unless told otherwise.',
      examples: [
        "TypeError: fetch failed {\n  [cause]: HeadersTimeoutError: Headers Timeout Error\n    code: 'UND_ERR_HEADERS_TIMEOUT'\n",
      ],
    },
    {
      id: 'undici-fetch-failed',
      class: 'CLOSED',
      strength: 'hint',
      ended: 'unclear',
      verified: 'documented',
      regexp: /\bTypeError: fetch failed\b/,
      says: 'The cause below "fetch failed" is missing in this text; it says what ended the connection.',
      examples: ['TypeError: fetch failed'],
    },
  ],
);
