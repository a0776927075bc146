import { type Pattern, patternsOf } from '../pattern.ts';

/** Node's fetch and the undici package. */
export const undici: Pattern[] = patternsOf({ program: 'undici (fetch)', verified: 'measured' }, [
  {
    id: 'undici-other-side-closed',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bother side closed\b/g,
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
    strength: 'exact',
    regexp: /(?:TypeError: |["'])terminated\b[\s\S]{0,1600}?\bother side closed\b/g,
    examples: [
      "TypeError: terminated\n    at Fetch.onAborted (node:internal/deps/undici/undici:11350:53)\n    at Fetch.emit (node:events:524:28) {\n  [cause]: SocketError: other side closed\n      at Socket.<anonymous> (node:internal/deps/undici/undici:6436:28) {\n    code: 'UND_ERR_SOCKET',\n    socket: {\n      remoteAddress: '127.0.0.1',\n      remotePort: 9103,\n      bytesWritten: 169,\n      bytesRead: 48\n    }\n  }\n}",
    ],
  },
  {
    id: 'undici-terminated-reset',
    class: 'RST-MID',
    strength: 'exact',
    regexp: /(?:TypeError: |["'])terminated\b[\s\S]{0,1600}?\bread ECONNRESET\b/g,
    examples: [
      "TypeError: terminated\n    at Fetch.onAborted (node:internal/deps/undici/undici:11350:53) {\n  [cause]: Error: read ECONNRESET\n      at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n    errno: -104,\n    code: 'ECONNRESET',\n    syscall: 'read'\n  }\n}",
    ],
  },
  {
    id: 'undici-terminated',
    class: 'EOF-MID',
    strength: 'hint',
    ended: 'unclear',
    regexp: /\bTypeError: terminated\b/g,
    says: 'The cause below "terminated" is missing in this text: "other side closed" there means a FIN, "read ECONNRESET" a reset.',
    examples: ['TypeError: terminated'],
  },
  {
    id: 'undici-reset',
    class: 'RST-READ',
    strength: 'exact',
    regexp: /\bfetch failed\b[\s\S]{0,1600}?\bread ECONNRESET\b/g,
    examples: [
      "TypeError: fetch failed\n    at node:internal/deps/undici/undici:14976:13 {\n  [cause]: Error: read ECONNRESET\n      at TCP.onStreamRead (node:internal/stream_base_commons:218:20) {\n    errno: -104,\n    code: 'ECONNRESET',\n    syscall: 'read'\n  }\n}",
    ],
  },
  {
    id: 'undici-socket-code',
    class: 'EOF',
    strength: 'hint',
    ended: 'unclear',
    regexp: /\bUND_ERR_SOCKET\b/g,
    says: 'Only the code is there; with the message "other side closed" it is a FIN.',
    examples: ["{ code: 'UND_ERR_SOCKET' }"],
  },
  {
    id: 'undici-connect-timeout',
    class: 'TIMEOUT-CONNECT',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bUND_ERR_CONNECT_TIMEOUT\b|\bConnectTimeoutError\b/g,
    says: 'undici waits 10 s for a connection unless told otherwise.',
    examples: [
      "TypeError: fetch failed {\n  [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: example.com:443, timeout: 10000ms)\n    code: 'UND_ERR_CONNECT_TIMEOUT'\n",
    ],
  },
  {
    id: 'undici-response-timeout',
    class: 'TIMEOUT',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bUND_ERR_(?:HEADERS|BODY)_TIMEOUT\b|\b(?:Headers|Body)TimeoutError\b/g,
    says: 'undici waits 300 s for headers and between two pieces of the body unless told otherwise.',
    examples: [
      "TypeError: fetch failed {\n  [cause]: HeadersTimeoutError: Headers Timeout Error\n    code: 'UND_ERR_HEADERS_TIMEOUT'\n",
    ],
  },
]);
