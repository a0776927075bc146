import { type Pattern, patternsOf } from '../pattern.ts';

/** Python's http.client and urllib, requests and urllib3, aiohttp, httpx. */
export const python: Pattern[] = patternsOf({ program: 'Python', verified: 'measured' }, [
  {
    id: 'python-refused',
    class: 'REFUSED',
    strength: 'exact',
    regexp:
      /\bConnectionRefusedError\b|\[Errno 111\] Connection refused|\bNewConnectionError\b[^\n]{0,200}?Connection refused/g,
    examples: [
      'ConnectionRefusedError: [Errno 111] Connection refused',
      'urllib.error.URLError: <urlopen error [Errno 111] Connection refused>',
      "requests.exceptions.ConnectionError: HTTPConnectionPool(host='127.0.0.1', port=9999): Max retries exceeded with url: / (Caused by NewConnectionError(\"HTTPConnection(host='127.0.0.1', port=9999): Failed to establish a new connection: [Errno 111] Connection refused\"))",
    ],
  },
  {
    id: 'python-reset',
    class: 'RST-READ',
    strength: 'exact',
    regexp: /\bConnectionResetError\b|\[Errno 104\] Connection reset by peer/g,
    examples: [
      'ConnectionResetError: [Errno 104] Connection reset by peer',
      "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
      'urllib.error.URLError: <urlopen error [Errno 104] Connection reset by peer>',
    ],
  },
  {
    id: 'python-reset-mid',
    class: 'RST-MID',
    strength: 'exact',
    regexp:
      /\bConnection broken: ConnectionResetError\b|\bChunkedEncodingError\b[^\n]{0,80}?ConnectionResetError/g,
    examples: [
      "requests.exceptions.ChunkedEncodingError: (\"Connection broken: ConnectionResetError(104, 'Connection reset by peer')\", ConnectionResetError(104, 'Connection reset by peer'))",
    ],
  },
  {
    id: 'python-remote-disconnected',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bRemoteDisconnected\b|\bRemote end closed connection without response\b/g,
    says: 'RemoteDisconnected is a kind of ConnectionResetError in Python’s class tree, yet no reset was read.',
    caveats: [
      'urllib3 and requests print this also when a reset arrives during an upload: they swallow the error of the send and then read the end of the stream.',
    ],
    examples: [
      'http.client.RemoteDisconnected: Remote end closed connection without response',
      "requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
    ],
  },
  {
    id: 'python-connection-aborted',
    class: 'RST-READ',
    strength: 'hint',
    ended: 'unclear',
    regexp: /\bConnection aborted\b/g,
    says: 'The second half is missing: ConnectionResetError there means a reset, RemoteDisconnected a FIN.',
    examples: ["urllib3.exceptions.ProtocolError: ('Connection aborted.',"],
  },
  {
    id: 'aiohttp-disconnected',
    program: 'aiohttp',
    class: 'EOF',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bServerDisconnectedError\b|\bServer disconnected\b(?! without)/g,
    examples: ['aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected'],
  },
  {
    id: 'httpx-disconnected',
    program: 'httpx',
    class: 'EOF',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bServer disconnected without sending a response\b/g,
    examples: ['httpx.RemoteProtocolError: Server disconnected without sending a response.'],
  },
  {
    id: 'python-incomplete',
    class: 'EOF-MID',
    strength: 'exact',
    regexp:
      /\bIncompleteRead\b|\bResponse ended prematurely\b|\bpeer closed connection without sending complete message body\b|\bResponse payload is not completed\b/g,
    examples: [
      'http.client.IncompleteRead: IncompleteRead(7 bytes read, 993 more expected)',
      "requests.exceptions.ChunkedEncodingError: ('Connection broken: IncompleteRead(7 bytes read, 993 more expected)', IncompleteRead(7 bytes read, 993 more expected))",
      'requests.exceptions.ChunkedEncodingError: Response ended prematurely',
    ],
  },
  {
    id: 'python-broken-pipe',
    class: 'EPIPE',
    strength: 'exact',
    regexp: /\bBrokenPipeError\b|\[Errno 32\] Broken pipe/g,
    examples: ['BrokenPipeError: [Errno 32] Broken pipe'],
  },
  {
    id: 'python-connect-timeout',
    class: 'TIMEOUT-CONNECT',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bConnectTimeout(?:Error)?\b(?=[^\n]{0,200}(?:timed out|HTTPS?Connection|\())/g,
    examples: [
      "requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='203.0.113.7', port=443): Max retries exceeded with url: / (Caused by ConnectTimeoutError(<urllib3.connection.HTTPSConnection object at 0x7f>, 'Connection to 203.0.113.7 timed out. (connect timeout=5)'))",
    ],
  },
  {
    id: 'python-timeout',
    class: 'TIMEOUT',
    strength: 'exact',
    regexp:
      /\bReadTimeout(?:Error)?\b|\bTimeoutError: |\[Errno 110\] Connection timed out|\bsocket\.timeout\b/g,
    examples: [
      'TimeoutError: timed out',
      "requests.exceptions.ReadTimeout: HTTPConnectionPool(host='127.0.0.1', port=9110): Read timed out. (read timeout=1)",
    ],
  },
  {
    id: 'python-aborted',
    class: 'LOCAL-ABORT',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bConnectionAbortedError\b/g,
    examples: ['ConnectionAbortedError: [Errno 103] Software caused connection abort'],
  },
]);
